// What residents brings to the house. Other modules take from here who lives where, and write down whom they meet.
import { dealings, recordedIn } from '#server/audit.ts'
import { newId, type Id } from '#core/ids.ts'
import { text } from '#core/text.ts'
import { migrationsIn } from '#server/database/migrate.ts'
import { exporting } from '#server/exports/exporting.ts'
import { say as factSay } from '#server/facts.ts'
import { answer, answering, handle, type Ctx, type Module } from '#server/house.ts'
import { keepImport } from '#server/imports/keep.ts'
import { builtWords } from '#server/imports/undo.ts'
import { indicators } from '#server/indicators.ts'
import * as api from './api.ts'
import { say } from './model.ts'
import { alikePersons } from './server/alike.ts'
import { corrections, dossierSections, moves, sectionsOf } from './server/dossier.ts'
import { addHousehold, addPerson, addTag, correctPerson, joinHousehold, moveHousehold, removeTag } from './server/entering.ts'
import {
  countAll,
  getHousehold,
  getLine,
  getMember,
  getPerson,
  lineOf,
  listHouseholds,
  openField,
  rootOf,
} from './server/finding.ts'
import { planEmployees, readsEmployees } from './server/employees.ts'
import { planFloating } from './server/floating.ts'
import { addPhone, correctPhone, getPhone, openOther, settlePhones, withdrawPhone } from './server/phones.ts'
import { peopleSheet } from './server/register.ts'
import { planRoster } from './server/roster.ts'
import { floatingFigures } from './server/floatingFigures.ts'
import { searchPersons } from './server/search.ts'
import { householdLabels } from './server/standing.ts'
import { tables } from './server/tables.ts'
import { tenancyHandlers } from './server/tenancies.ts'
import { readsFloating, readsRoster } from './server/understood.ts'

export { bulkLoad, type BulkHousehold, type BulkPerson } from './server/bulk.ts'
export { dossierSections, type DossierAbout, type DossierSection } from './server/dossier.ts'
export { addHousehold, addPerson, addTag, correctPerson, joinHousehold, moveHousehold, removeTag } from './server/entering.ts'
export { getHousehold, getMember, lineOf, membersIn, openField, phonesInCell, type Member } from './server/finding.ts'
export { knownPeople, type KnownPerson } from './server/known.ts'
export { addLandlords, landlordOf, landlordsOf, type Landlord, type LandlordEntry } from './server/landlords.ts'
export { dayIn, inCell, readListed, wordsIn } from './server/listed.ts'
export { personWords } from './server/listWords.ts'
export { readAddress } from './roster/addresses.ts'
export { compoundNames } from './server/employees.ts'
export {
  householdLabels,
  householdsAt,
  membersOf,
  peopleAt,
  personNames,
  phonesOf,
  type HouseholdAt,
  type HouseholdLabel,
  type PersonAt,
} from './server/standing.ts'

/** The community of a request: the one it names, or that of the post. */
const inCommunity = (ctx: Ctx, named: string | undefined): Ctx => {
  if (named) ctx.at(named)
  return ctx
}

const householdOf = async (ctx: Ctx, household: Id) => (await getHousehold(ctx, household)).line
/** Throws unless the household is within reach. */
const requireHousehold = async (ctx: Ctx, household: Id): Promise<void> => {
  await getHousehold(ctx, household)
}
const how = (ctx: Ctx) => (ctx.device ? 'door' : 'desk')
/** Throws unless the number belongs to somebody within reach. */
const reachedPhone = async (ctx: Ctx, record: Id) => {
  const phone = await getPhone(ctx, record)
  await getMember(ctx, phone.person)
  return phone
}
const households = ['residents_tags', 'residents_phones', 'residents_persons', 'residents_households']
const imports = [
  keepImport(api.roster, planRoster, { understands: readsRoster, facts: households }),
  keepImport(api.floating, planFloating, { understands: readsFloating, facts: ['residents_landlords', ...households] }),
  keepImport(api.employees, planEmployees, { understands: readsEmployees, facts: ['residents_persons'] }),
]

export const residents: Module = {
  name: 'residents',
  handlers: [
    handle(
      api.register,
      async ({ members, ...entry }, ctx) => {
        const household = await addHousehold(ctx, entry, how(ctx))
        for (const { relation, ...details } of members) {
          await joinHousehold(ctx, await addPerson(ctx, details, how(ctx), newId()), household, relation)
        }
        return householdOf(ctx, household)
      },
      (_, ctx) => householdOf(ctx, ctx.id),
    ),

    handle(
      api.addMember,
      async ({ household, person: { relation, ...details } }, ctx) => {
        await requireHousehold(ctx, household)
        await joinHousehold(ctx, await addPerson(ctx, details, how(ctx)), household, relation)
        return getLine(ctx, ctx.id)
      },
      (_, ctx) => getLine(ctx, ctx.id),
    ),

    handle(
      api.correct,
      async ({ replaces, reason, entry, withoutPhone, withoutDocument }, ctx) => {
        const { member } = await getMember(ctx, await rootOf(ctx, replaces))
        if (member.id !== replaces) throw factSay.replacedAlready()
        const taken = { ...(withoutPhone ? { phone: null } : {}), ...(withoutDocument ? { idNumber: null } : {}) }
        await correctPerson(ctx, member.root, { ...entry, ...taken }, reason)
        await settlePhones(ctx, member.root, reason)
        return getLine(ctx, member.root)
      },
      async ({ replaces }, ctx) => getLine(ctx, await rootOf(ctx, replaces)),
    ),

    handle(
      api.moveHousehold,
      async ({ household, dwelling, tenure, why }, ctx) => {
        const { line } = await getHousehold(ctx, household)
        if (line.dwelling === dwelling) throw say.staysThere()
        await moveHousehold(ctx, household, { dwelling, tenure, why })
        // Whoever gives a household away to another grid still hears what became of it.
        return { ...line, dwelling, tenure: tenure ?? null, ...(await placeOf(ctx, household)) }
      },
      async ({ household }, ctx) => householdOf(ctx, household),
    ),

    handle(
      api.movePerson,
      async ({ person, household, relation, why }, ctx) => {
        const { member } = await getMember(ctx, person)
        if (household) await requireHousehold(ctx, household)
        if (member.household === household && member.relation === relation) throw say.staysThere()
        await joinHousehold(ctx, person, household, relation, why)
        return lineOf(ctx, { ...member, household, relation })
      },
      ({ person }, ctx) => getLine(ctx, person),
    ),

    handle(
      api.tag,
      async ({ person, tag }, ctx) => {
        await getMember(ctx, person)
        if (!(await addTag(ctx, person, tag, how(ctx)))) throw say.staysThere()
        return getLine(ctx, person)
      },
      ({ person }, ctx) => getLine(ctx, person),
    ),
    handle(
      api.untag,
      async ({ person, tag, why }, ctx) => {
        await getMember(ctx, person)
        await removeTag(ctx, person, tag, why)
        return getLine(ctx, person)
      },
      ({ person }, ctx) => getLine(ctx, person),
    ),

    handle(
      api.addPhone,
      async ({ person, number, remark }, ctx) => {
        await getMember(ctx, person)
        await addPhone(ctx, person, { number, remark }, how(ctx))
        return getLine(ctx, person)
      },
      ({ person }, ctx) => getLine(ctx, person),
    ),
    handle(
      api.correctPhone,
      async ({ replaces, reason, number, remark }, ctx) => {
        const phone = await reachedPhone(ctx, replaces)
        await correctPhone(ctx, phone, { ...(number ? { number } : {}), remark }, reason)
        return getLine(ctx, phone.person)
      },
      async ({ replaces }, ctx) => getLine(ctx, (await getPhone(ctx, replaces)).person),
    ),
    handle(
      api.removePhone,
      async ({ replaces, reason }, ctx) => {
        const phone = await reachedPhone(ctx, replaces)
        await withdrawPhone(ctx, phone, reason)
        return getLine(ctx, phone.person)
      },
      async ({ replaces }, ctx) => getLine(ctx, (await getPhone(ctx, replaces)).person),
    ),

    answer(api.households, ({ community, ...input }, ctx) => listHouseholds(inCommunity(ctx, community), input)),
    exporting(api.exportResidents, (ctx, input) => peopleSheet(inCommunity(ctx, input.community), input)),
    answer(api.overview, ({ community }, ctx) => countAll(inCommunity(ctx, community))),
    answer(api.search, ({ community, ...input }, ctx) => searchPersons(inCommunity(ctx, community), input)),

    answer(api.alike, async (typed, ctx) => ({ rows: await alikePersons(ctx, typed) })),

    answer(api.household, async ({ community, household }, ctx) => {
      const { line, note, members } = await getHousehold(inCommunity(ctx, community), household)
      ctx.looked(members.map((m) => m.root))
      return { household: line, note, rows: members.map((m) => lineOf(ctx, m)), sections: await sectionsOf(ctx, { household }) }
    }),
    answer(api.person, async ({ community, person }, ctx) => {
      const record = await getPerson(inCommunity(ctx, community), person)
      ctx.looked([person])
      return { person: record, sections: await sectionsOf(ctx, { person }) }
    }),
    answer(api.unmask, async ({ person, what, phone, purpose }, ctx) => {
      const { member } = await getMember(ctx, person)
      const other = member.otherPhones.find((one) => one.phone === phone)
      const value = phone === undefined ? openField[what](ctx, member) : other ? openOther(ctx, other) : null
      if (value === null) throw say.nothingRecorded()
      ctx.purpose(purpose)
      return { person, value }
    }),
    ...tenancyHandlers,
    ...imports.flatMap((one) => one.handlers),
  ],
  tables,
  migrations: migrationsIn(import.meta.dirname, 'residents'),
  offers: [
    ...answering(dossierSections, moves, corrections),
    ...answering(indicators, ...floatingFigures),
    ...answering(
      dealings,
      recordedIn('residents_persons', 'root'),
      recordedIn('residents_tags', 'person'),
      recordedIn('residents_landlords', 'root'),
      recordedIn('residents_phones', 'person'),
      recordedIn('residents_memberships', 'subject'),
    ),
    ...answering(builtWords, {
      residents_memberships: text('成员变动', 'moves of members'),
      residents_occupancies: text('搬迁', 'moves of households'),
      residents_tags: text('标签', 'tags'),
      residents_landlords: text('房东登记', 'landlords'),
      residents_tenancies: text('租住登记', 'tenancies'),
      residents_hazards: text('隐患', 'dangers'),
      residents_phones: text('其他电话', 'further phones'),
    }),
  ],
  jobs: imports.flatMap((one) => one.jobs),
  prepare: async (house) => {
    for (const one of imports) await one.prepare(house)
  },
}

async function placeOf(ctx: Ctx, household: Id) {
  const label = (await householdLabels(ctx.tx, [household])).get(household)
  return { address: label?.address ?? '—', grid: label?.grid ?? null }
}
