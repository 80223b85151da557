import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { BatutaError } from '@batuta/contract';

/** Names under which systems install Chromium, and browsers that are made of it. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The browser to start: the configured one, else the first that the system has. Errors: `browser-missing`. */
export async function findChromium(
  configured: string | undefined,
  path = process.env['PATH'] ?? '',
): Promise<string> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const candidates = configured?.includes('/')
    ? [configured]
    : [
        ...(configured ? [configured] : names).flatMap((name) => folders.map((folder) => join(folder, name))),
        ...(configured ? [] : places),
      ];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  const looked = configured === undefined ? '' : ` at "${configured}"`;
  throw new BatutaError('browser-missing', { looked, install: installCommand() });
}

/** How to install Chromium here. */
function installCommand(): string {
  return process.platform === 'darwin' ? 'brew install --cask chromium' : 'sudo apt-get install -y chromium';
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
