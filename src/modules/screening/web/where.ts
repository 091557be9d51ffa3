// What every part of the campaign page asks with.
import type { Id } from '#core/ids.ts'

/** The community, where the post is wider than one; the campaign, where not the present one is meant. */
export type Where = { readonly community?: string; readonly campaign?: Id }
