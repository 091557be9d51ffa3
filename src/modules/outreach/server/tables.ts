// Outreach's tables as a transaction sees them.
import type { Json, Tx } from '#server/database/connect.ts'
import type { Channel, Delivery, Item } from '../model.ts'

type Tables = {
  outreachItems: Omit<Item, 'title'> & { title: Json<Item['title']> }
  outreachChannels: Omit<Channel, 'topics' | 'closed'> & { topics: Json<Channel['topics']>; closed: Uint8Array | null }
  outreachDeliveries: Delivery
}
export const of = (tx: Tx) => tx.withTables<Tables>()
