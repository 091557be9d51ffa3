// What a reader of one type of file answers.

/** The bytes that may be kept, and for a picture its size in pixels. */
export type Cleaned = { readonly bytes: Buffer; readonly width: number | null; readonly height: number | null }
