import path from 'node:path';

/** The folders that are packages of their own. */
export const workspaces = ['contract', 'platform', 'testkit', 'sdk/typescript', 'cli', 'console'];

/** The path of the linted file from the repository's root, with `/` on every system. */
export function placeOf(context) {
  return fromRoot(context, context.physicalFilename);
}

/** The path that a relative import names, from the repository's root. */
export function placeOfImport(context, specifier) {
  return fromRoot(context, path.resolve(path.dirname(context.physicalFilename), specifier));
}

/** The workspace that a place belongs to; undefined for the folders of the repository itself, such as `tool/`. */
export function workspaceOf(place) {
  return workspaces.find((name) => place.startsWith(`${name}/`));
}

/** Whether a place holds tests or what only tests use. */
export function isTest(place) {
  return /\.test\.ts$|(^|\/)test\//.test(place);
}

function fromRoot(context, file) {
  return path.relative(context.cwd, file).split(path.sep).join('/');
}
