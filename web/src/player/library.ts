/** hls.js, for whoever plays. Nobody else imports it: by this one name, no more of it is kept than what is used. */

export { default } from "hls.js/light";
