/**
 * Whether the installed packages are those of package-lock.json, and the way to get there.
 *
 * A finished installation leaves a stamp in node_modules: the hash of the lock file it was made from. It is
 * - absent:  no stamp and no trace of a finished `npm ci`     -> install
 * - foreign: no fitting stamp, but npm's own record fits      -> somebody ran npm by hand: write the stamp
 * - stale:   neither fits the lock file                       -> install
 * - broken:  the stamp fits, but a package or Node is missing -> install
 * - current: everything else                                  -> go on
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { projectNode, systemNodeSuffices } from './node-program.mjs';
import { installPackages } from './npm.mjs';

/** Makes the installed packages fit the lock file; does nothing when they do. */
export async function ensureInstalled(root) {
  if (!whyInstall(root)) return;
  await withInstallLock(root, async () => {
    const reason = whyInstall(root);
    if (!reason) return;
    rmSync(stampFile(root), { force: true });
    await installPackages(root, reason);
    writeStamp(root);
  });
}

/** Why the packages must be installed, in words; undefined when they need not. */
export function whyInstall(root) {
  if (!existsSync(path.join(root, 'node_modules'))) return 'no packages are installed yet';
  if (readStamp(root) !== wantedStamp(root)) {
    const reason = compareWithNpmRecord(root);
    if (reason) return reason;
  }
  const missing = missingPackage(root);
  if (missing) return `the package ${missing} is missing`;
  if (!systemNodeSuffices() && !existsSync(projectNode(root))) return 'Node 24 is missing';
  if (readStamp(root) !== wantedStamp(root)) writeStamp(root);
  return undefined;
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.batuta-install');
}

function readStamp(root) {
  const file = stampFile(root);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function wantedStamp(root) {
  const hash = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  return `${process.platform}-${process.arch} ${hash}\n`;
}

/** By a rename, so that a stamp shared with another folder by a hard link stays as it is. */
function writeStamp(root) {
  const file = stampFile(root);
  writeFileSync(`${file}.${process.pid}`, wantedStamp(root));
  renameSync(`${file}.${process.pid}`, file);
}

/** npm writes its record at the very end of an installation, so a half-made one has none. */
function compareWithNpmRecord(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'an earlier installation did not finish';
  const installed = readPackages(record);
  if (!installed) return "npm's record of what is installed is damaged";
  const wanted = readPackages(path.join(root, 'package-lock.json')) ?? {};
  const fits = Object.entries(wanted).every(
    ([place, entry]) => !isRequired(place, entry) || installed[place]?.version === entry.version,
  );
  return fits ? undefined : 'package-lock.json has changed';
}

function isRequired(place, entry) {
  return place.includes('node_modules/') && !entry.optional && !entry.devOptional && !entry.peer;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function missingPackage(root) {
  const { workspaces = [] } = readManifest(root);
  for (const folder of [root, ...workspaces.map((name) => path.join(root, name))]) {
    const { dependencies = {}, devDependencies = {} } = readManifest(folder);
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const places = [folder, root].map((base) => path.join(base, 'node_modules', name, 'package.json'));
      if (!places.some((place) => existsSync(place))) return name;
    }
  }
  return undefined;
}

function readManifest(folder) {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
