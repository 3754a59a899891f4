/** Bundled, as text. */
declare module "*.css" {
  const text: string;
  export default text;
}
/** The bytes of a font. */
declare module "*.woff2" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
