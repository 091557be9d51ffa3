// Memory outside the collector's heap: it does not hurry for it, so whoever is done with a large piece says so.

/** Frees the memory of bytes that nobody needs any more, at once. Bytes that share their memory with others are left alone. */
export function giveBack(bytes: Uint8Array): void {
  const isAlone = bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.length
  if (isAlone && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0)
}
