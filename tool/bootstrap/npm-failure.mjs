const shownLines = 15;

/** What npm's error codes mean to somebody who only wanted to start the program. The first that matches is shown. */
const explanations = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network request/i,
    'The package registry cannot be reached. Check the network connection, and the proxy settings if you are behind one ("npm config get registry" and "npm config get proxy").',
  ],
  [/ENOSPC/, 'The disk is full. The packages need about 700 MB; make room and try again.'],
  [/EACCES|EPERM|EROFS/, 'This folder cannot be written to. Check who owns it, node_modules included.'],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    'package.json and package-lock.json do not fit together. Run "npm install && npm run lock" and commit package-lock.json.',
  ],
  [
    /EINTEGRITY/,
    'A package is not the one that package-lock.json names. Run "npm cache clean --force" and try again; if it stays, do not install it.',
  ],
  [
    /E404|ETARGET|notarget/,
    'The registry does not have one of the packages. If you use a mirror, it may be incomplete.',
  ],
  [/E401|E403/, 'The registry refused access. Check the credentials in your .npmrc.'],
  [
    /spawn npm(\.cmd)? ENOENT/,
    'npm is not installed. Install Node with npm (20.11 or newer) from nodejs.org.',
  ],
];

/** A failing `npm ci` in plain words, followed by the first lines that npm itself said. */
export function explainFailure({ code, signal, output }) {
  const known = explanations.find(([pattern]) => pattern.test(output));
  const ending = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
  const meaning = known?.[1] ?? 'The lines below are what npm said.';
  const lines = output.split('\n').filter((line) => /[^ ]/.test(line.replace('npm error', '')));
  return [`npm ci ${ending}. ${meaning}`, '', ...lines.slice(0, shownLines).map((line) => `  ${line}`)].join(
    '\n',
  );
}
