/** The page begins: theme, language, who we are; then it shows itself. */

import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { forgetFiles } from "./lib/files";
import { house } from "./lib/house.svelte";
import { router } from "./lib/router.svelte";
import { session } from "./lib/session.svelte";
import { shortcuts } from "./lib/shortcuts.svelte";
import { theme } from "./lib/theme.svelte";
import { speech } from "./lib/words.svelte";

theme.start();
speech.choose(...speech.wishes());
router.start();
shortcuts.start();
mount(App, { target: document.getElementById("app")! });
void forgetFiles();
void house.start();
void session.start();
// Browsers refuse it in private windows and while the page is left: all that is lost is the page without a connection.
if ("serviceWorker" in navigator && import.meta.env.PROD) navigator.serviceWorker.register("/sw.js").catch(console.info);
