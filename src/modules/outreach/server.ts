// Outreach's line of the register.
import { migrationsIn } from '#server/database/migrate.ts'
import { answering, type Module } from '#server/house.ts'
import { messengers } from '#modules/identity/news.ts'
import { Channel, Delivery, Item } from './model.ts'
import { channelHandlers, sendJob } from './server/channels.ts'
import { listeners } from './server/hearing.ts'
import { deliverJob, inboxHandlers, messenger } from './server/inbox.ts'

export const outreach: Module = {
  name: 'outreach',
  handlers: [...inboxHandlers, ...channelHandlers],
  tables: { outreachItems: Item, outreachChannels: Channel, outreachDeliveries: Delivery },
  migrations: migrationsIn(import.meta.dirname, 'outreach'),
  listeners,
  offers: answering(messengers, messenger),
  jobs: [deliverJob, sendJob],
}
