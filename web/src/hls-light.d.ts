/** The light build ships no types of its own; its interface is that of the whole. */
declare module "hls.js/light" {
  export { default } from "hls.js";
  export * from "hls.js";
}
