import { secretNameOf } from '@batuta/contract';

const reference = /secret:\/\/[\w./-]+/g;

/** Values with the secrets that they name: `Bearer secret://tickets-key`. Errors: those of the reader. */
export async function insertSecrets(
  values: Readonly<Record<string, string>>,
  read: (name: string) => Promise<string>,
): Promise<Record<string, string>> {
  const entries = Object.entries(values).map(
    async ([key, value]) => [key, await insert(value, read)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function insert(value: string, read: (name: string) => Promise<string>): Promise<string> {
  let result = '';
  let end = 0;
  for (const match of value.matchAll(reference)) {
    const name = secretNameOf(match[0]);
    if (name === undefined) continue;
    result += value.slice(end, match.index) + (await read(name));
    end = match.index + match[0].length;
  }
  return result + value.slice(end);
}
