import { escapeHtml, makePage, type Page } from './page.ts';

/** What stands at `/`: it says what runs here, and nothing that needs a key. */
export function makeConsolePage(version: string): Page {
  return makePage(
    'Batuta',
    `<h1>Batuta ${escapeHtml(version)}</h1>
<p>This is the API of a Batuta platform: durable AI agent runs.</p>
<ul>
  <li><a href="/reference">Reference of the API</a> (<a href="/openapi.json">OpenAPI 3.1</a>)</li>
  <li><a href="/health">Health</a>, <a href="/ready">readiness</a></li>
</ul>
<p>Everything under <code>/v1</code> needs a key. Start a run:</p>
<pre>curl -H "Authorization: Bearer $BATUTA_KEY" -H "Content-Type: application/json" \\
  -d '{"agent": "assistant", "input": "Hello", "wait": 60}' http://HOST:PORT/v1/runs</pre>`,
  );
}
