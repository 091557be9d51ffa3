// A file that the build serves beside the page, by its address.
declare module '*.wasm?url' {
  const address: string
  export default address
}
