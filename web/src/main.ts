// Entry of the page: colours first (before anything is drawn), then the app, then the address.
import { mount } from "svelte";
import { page } from "./state/page.svelte";
import { prefs } from "./state/prefs.svelte";
import "./styles/tokens.css";
import "./styles/shell.css";
import "./styles/explore.css";
import "./styles/states.css";
import App from "./ui/App.svelte";

prefs.start();
const target = document.getElementById("app");
if (target) mount(App, { target });
addEventListener("popstate", () => void page.follow());
void page.start();
