/**
 * Who may import whom: the architecture as a table. A place belongs to the first layer whose pattern it fits.
 * - `layers`: the layers that it may import, by relative paths inside its package
 * - `types`: layers of which it may import types only
 * - `packages`: the packages of this repository that it may import, by name
 * - `libraries`: the libraries that it may import, Node's own included; absent when any
 */

/** Libraries that only compute: fit for the layers that do not touch the world. */
const pure = [
  'zod',
  'yaml',
  'jsonrepair',
  'mathjs',
  'ipaddr.js',
  'shell-quote',
  'node:crypto',
  'node:path',
  'node:util',
];

export const layers = [
  { name: 'contract', pattern: /^contract\//, layers: ['contract'], packages: [], libraries: ['zod'] },
  {
    name: 'port',
    pattern: /^platform\/src\/port\//,
    layers: ['port'],
    packages: ['contract'],
    libraries: ['zod'],
  },
  {
    name: 'domain',
    pattern: /^platform\/src\/domain\//,
    layers: ['domain', 'port'],
    packages: ['contract'],
    libraries: pure,
  },
  {
    name: 'application',
    pattern: /^platform\/src\/application\//,
    layers: ['application', 'domain', 'port'],
    packages: ['contract'],
    libraries: [...pure, 'node:events', 'node:async_hooks', 'node:timers'],
  },
  {
    name: 'interface',
    pattern: /^platform\/src\/interface\//,
    layers: ['interface', 'application'],
    types: ['port'],
    packages: ['contract'],
  },
  { name: 'adapter', pattern: /^platform\/src\/adapter\//, layers: ['port'], packages: ['contract'] },
  {
    name: 'composition',
    pattern: /^platform\/src\/(composition\/|[^/]+$)/,
    layers: ['composition', 'interface', 'application', 'domain', 'adapter', 'port'],
    packages: ['contract'],
  },
  { name: 'sdk', pattern: /^sdk\/typescript\//, layers: ['sdk'], packages: ['contract'] },
  { name: 'cli', pattern: /^cli\//, layers: ['cli'], packages: ['contract', 'sdk', 'platform'] },
  { name: 'console', pattern: /^console\//, layers: ['console'], packages: ['contract', 'sdk'] },
  { name: 'testkit', pattern: /^testkit\//, layers: ['testkit'], packages: ['contract', 'platform'] },
];

/**
 * Adapters that others build on: the statements of `sql` are the same for every database that speaks it, `bus` is what every bus needs around its server, `pinned-http` keeps requests to the addresses that
 * were checked, `bubblewrap` is what its jails have in common, `sandbox` is what every kind of sandbox needs around its walls, and `model-specification` translates for every provider of models.
 */
const sharedAdapters = {
  sql: ['postgres', 'pglite'],
  bus: ['bus-postgres', 'bus-redis'],
  'pinned-http': [
    'http-fetch',
    'webhook-http',
    'argument-resolver',
    'mcp-client',
    'openapi',
    'egress-proxy',
    'web-fetch',
    'web-search',
  ],
  bubblewrap: ['sandbox-bubblewrap', 'browser-playwright'],
  sandbox: ['sandbox-bubblewrap', 'sandbox-container', 'sandbox-none'],
  'model-specification': [
    'model-anthropic',
    'model-google',
    'model-offline',
    'model-ollama',
    'model-openai',
    'model-openai-compatible',
    'model-openrouter',
  ],
};

/** The layer of a place; undefined where the table says nothing. */
export function layerOf(place) {
  return layers.find(({ pattern }) => pattern.test(place));
}

/** An adapter may import its own folder, and a folder that is there for it to share. */
export function adapterMayImport(from, to) {
  const [own, other] = [adapterName(from), adapterName(to)];
  return own === other || (sharedAdapters[other]?.includes(own) ?? false);
}

function adapterName(place) {
  return place.split('/')[3];
}
