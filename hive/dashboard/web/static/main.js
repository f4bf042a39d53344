// The beginning: sign in, connect, and draw the page that the address names.
import { html, render } from "./base.js";
import { me, signIn } from "./api.js";
import { Frame } from "./frame.js";
import { density, dress, space, theme } from "./appearance.js";
import { watchNeeds } from "./notify.js";
import { Empty, Failure } from "./parts.js";
import { Inbox } from "./pages/inbox.js";
import { Contracts } from "./pages/contracts.js";
import { Project } from "./pages/project.js";
import { Queue } from "./pages/queue.js";
import { Review } from "./pages/review.js";
import { Run } from "./pages/run.js";
import { Runs } from "./pages/runs.js";
import { Service } from "./pages/service.js";
import { Settings } from "./pages/settings.js";
import { Start } from "./pages/start.js";
import { route } from "./router.js";
import { connect, link, watch } from "./store.js";

function page([place = "inbox", id, service]) {
  if (place === "inbox") return html`<${Inbox} />`;
  if (place === "queue") return html`<${Queue} />`;
  if (place === "project") return html`<${Project} />`;
  if (place === "contracts") return html`<${Contracts} path=${id} />`;
  if (place === "settings") return html`<${Settings} />`;
  if (place === "review" && id !== undefined) return html`<${Review} key=${id} id=${id} />`;
  if (place === "start") return html`<${Start} />`;
  if (place === "runs" && id === undefined) return html`<${Runs} />`;
  if (place === "runs" && service === undefined) return html`<${Run} key=${id} id=${id} />`;
  if (place === "runs") return html`<${Service} key=${`${id}/${service}`} id=${id} service=${service} />`;
  return html`<${Empty}>There is no such page. <a href="#/inbox">What needs you</a><//>`;
}

const root = document.getElementById("app");

// A page is all that this returns: what a page's parent holds as a child is what it was when it was first drawn, and by
// what is memoized on that one every later one.
const Page = () => (link.value.state === "connecting" && link.value.retry === 0 && !me.value
  ? html`<p class="loading">connecting…</p>` : page(route.value));

const App = () => html`<${Frame}><${Page} /><//>`;

dress(theme.value);
space(density.value);
try {
  await signIn();
  root.replaceChildren();
  connect();
  watch();
  watchNeeds();
  render(html`<${App} />`, root);
} catch (error) {
  root.replaceChildren();
  render(html`<main><${Failure} error=${error} /></main>`, root);
}
