import { secretNameOf } from '@batuta/contract';

/** Gives the value of a secret of the tenant that a call is for. */
export type ReadSecret = (name: string) => Promise<string>;

/** A configured text: the value of the secret that it names, or else itself. */
export async function valueOf(text: string, secret: ReadSecret): Promise<string> {
  const name = secretNameOf(text);
  return name === undefined ? text : (await secret(name)).trim();
}

/** Names of the secrets among configured texts. */
export function secretNames(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => secretNameOf(text ?? '') ?? []))];
}
