// The tables of screening as a transaction sees them.
import type { Id } from '#core/ids.ts'
import type { Json, Stamped, Tx } from '#server/database/connect.ts'
import type { factColumns } from '#server/facts.ts'
import { Attempt, Campaign, FollowUp, KeyPerson, Statement, type Answers } from '../model.ts'
import { Paper, PaperLine } from '../paper.ts'

/** A row with what every fact carries beside the fields that pages show. */
type Fact<T> = Stamped<T & Omit<ReturnType<typeof factColumns>, keyof T>>

export type Tables = {
  screeningCampaigns: Stamped<Campaign>
  screeningAttempts: Omit<Fact<Attempt>, 'parties'> & { parties: Json<Attempt['parties']> }
  screeningStatements: Omit<Fact<Statement>, 'symptoms' | 'answers'> & { symptoms: Json<string[]>; answers: Json<Answers> }
  screeningKeyPersons: Omit<Fact<KeyPerson>, 'symptoms' | 'policyVersions'> & {
    symptoms: Json<string[]>
    policyVersions: Json<Id[]>
  }
  screeningFollowUps: Omit<Fact<FollowUp>, 'symptoms'> & { symptoms: Json<string[]> }
  screeningPapers: Paper
  screeningPaperLines: { community: string; paper: Id; line: number; household: Id }
}

/** The row shapes that the house tests hold against the columns. */
export const tables = {
  screeningCampaigns: Campaign,
  screeningAttempts: Attempt,
  screeningStatements: Statement,
  screeningKeyPersons: KeyPerson,
  screeningFollowUps: FollowUp,
  screeningPapers: Paper,
  screeningPaperLines: PaperLine,
}

/** This module's view of a transaction. */
export const of = (tx: Tx) => tx.withTables<Tables>()
