import path from 'node:path';

/** Where files are kept, and the language and time of people. Without a home a program finds the same one by its user. */
const places = [
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
];

/** How the outside is reached: proxies, and whose certificates count. */
const network = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
];

/** Where packages come from. None of these is a token; those stand in files of the user, or are named in `env`. */
const registries = [
  'npm_config_registry',
  'npm_config_cache',
  'npm_config_cafile',
  'npm_config_proxy',
  'npm_config_https_proxy',
  'npm_config_noproxy',
  'npm_config_strict_ssl',
  'npm_config_offline',
  'npm_config_prefer_offline',
  'npm_config_userconfig',
  'npm_config_globalconfig',
  'npm_config_fetch_retries',
  'uv_index_url',
  'uv_default_index',
  'uv_cache_dir',
  'uv_offline',
  'pip_index_url',
  'pip_cert',
];

const known: ReadonlySet<string> = new Set(
  [...places, ...network, ...registries].map((name) => name.toLowerCase()),
);

const longest = 4_096;

/**
 * What a process is given of the platform's environment: enough to find its programs, files, proxies and registries, and nothing that lets it
 * in anywhere. A value with a password in an address is left out. Pure.
 */
export function handedOn(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const handed: Record<string, string> = { PATH: searchPath(environment['PATH']) };
  for (const [name, value = ''] of Object.entries(environment)) {
    if (!known.has(name.toLowerCase()) || value === '' || value.length > longest) continue;
    if (!hasPassword(value)) handed[name] = value;
  }
  return handed;
}

/** Node that runs the platform, programs of the system, and then whatever the platform itself would find. */
export function searchPath(own = ''): string {
  const folders = own.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const first = [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];
  return [...new Set([...first, ...folders])].join(path.delimiter);
}

function hasPassword(value: string): boolean {
  return /:\/\/[^/\s]*@/.test(value);
}

const fetching: ReadonlySet<string> = new Set([
  'npx',
  'npm',
  'pnpm',
  'yarn',
  'bunx',
  'bun',
  'uvx',
  'uv',
  'pipx',
  'docker',
  'podman',
]);

/** Whether a command may first fetch what it then runs. */
export function mayDownload(command: string): boolean {
  return fetching.has(path.basename(command));
}
