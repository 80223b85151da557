import { english } from './english.ts';

/** Languages of the fixed texts. */
export type Language = 'en' | 'es' | 'pt';

/** Key of a fixed text. */
export type MessageKey = keyof typeof english;

/** The fixed texts in one language, all of them. */
export type Messages = { readonly [K in MessageKey]: string };

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type Values<K extends MessageKey> = [Names<(typeof english)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Names<(typeof english)[K]>, string | number>>];

/** Gives a fixed text in the chosen language, with its `{names}` filled in. */
export type Translate = <K extends MessageKey>(key: K, ...values: Values<K>) => string;

/** The language that the locale variables ask for; English when they ask for none of ours. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  const language = locale.slice(0, 2).toLowerCase();
  return language === 'es' || language === 'pt' ? language : 'en';
}

/**
 * How commands are typed here. In a clone of the repository nothing named `batuta` is on the path, and npm says in its variables
 * that it runs that package.
 */
export function commandOf(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['npm_package_name'] === 'batuta-repository' ? 'npm run -s batuta --' : 'batuta';
}

/** Loads only the language that is used. */
export async function loadTranslate(language: Language, command = 'batuta'): Promise<Translate> {
  return translateWith(await loadMessages(language), command);
}

/** Gives the texts of a loaded language. The commands in them are written as they must be typed. */
export function translateWith(messages: Messages, command = 'batuta'): Translate {
  return (key, ...values) => fill(messages[key].replace(commands, `${command} `), values[0] ?? {});
}

const commands = /\bbatuta (?=[a-z{-])/g;

async function loadMessages(language: Language): Promise<Messages> {
  switch (language) {
    case 'en':
      return english;
    case 'es':
      return (await import('./spanish.ts')).spanish;
    case 'pt':
      return (await import('./portuguese.ts')).portuguese;
  }
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
