import { escapeHtml, makePage, type Page } from './page.ts';

/** Who looks at the page, and where. */
export interface Visit {
  version: string;
  /** Address of this server as the browser knows it. */
  address: string;
  /** Whether the browser may read under `/v1`. */
  isSignedIn: boolean;
}

/** What stands at `/`: it says what runs here, and nothing that needs a key. */
export function makeConsolePage({ version, address, isSignedIn }: Visit): Page {
  return makePage(
    'Batuta',
    `<h1>Batuta <span class="muted">${escapeHtml(version)}</span></h1>
<p>Durable runs of AI agents: this is the API of a platform.</p>
<ul>
  <li><a href="/reference">Reference of the API</a>, the same as data: <a href="/openapi.json">OpenAPI 3.1</a></li>
  <li><a href="/health">Health</a>, <a href="/ready">readiness</a></li>
</ul>
${isSignedIn ? signedIn : signedOut}
<h2>Start a run</h2>
<pre>curl -H "Authorization: Bearer $BATUTA_KEY" -H "Content-Type: application/json" \\
  -d '{"agent": "assistant", "input": "Hello", "wait": 60}' ${escapeHtml(address)}/v1/runs</pre>`,
  );
}

const signedIn = `<p>This browser is signed in, and may look at the
<a href="/v1/agents">agents</a>, <a href="/v1/runs">runs</a>, <a href="/v1/sessions">sessions</a> and
<a href="/v1/approvals">approvals</a> as data.</p>`;

const signedOut = `<p>Everything under <code>/v1</code> needs a key. <code>batuta start</code> prints in which file it is, and a
link that signs a browser in.</p>`;
