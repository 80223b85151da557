/** The part of an entry of package-lock.json that matters here. */
export interface LockEntry {
  version?: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

/** Entries of a lock file by their place, such as `node_modules/zod`. */
export type LockEntries = Record<string, LockEntry>;

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];

/** Entries for the optional packages that some package names and that have none. */
export function missingOptionalPackages(packages: LockEntries): LockEntries {
  const missing: LockEntries = {};
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (places(parent, name).some((place) => place in packages)) continue;
      missing[`node_modules/${name}`] = makeEntry(name, version, dev);
    }
  }
  return missing;
}

/** Where Node looks for a package: inside the one that names it, then beside it, and so on up to the root. */
function places(parent: string, name: string): string[] {
  const steps = parent.split('/node_modules/');
  const folders = steps.map((_, index) => steps.slice(0, steps.length - index).join('/node_modules/'));
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`];
}

/** The platform is part of a binding's name: `binding-linux-arm64-musl`. */
function makeEntry(name: string, version: string, dev: boolean | undefined): LockEntry {
  const words = name.split(/[^a-z0-9]+/);
  const processor = processors.find((word) => words.includes(word));
  const system = systems.find((word) => words.includes(word));
  const library = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return {
    version,
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(dev === undefined ? {} : { dev }),
    ...(library === undefined || system !== 'linux' ? {} : { libc: [library] }),
    optional: true,
    ...(system === undefined ? {} : { os: [system] }),
  };
}
