import { secret, text } from './setting.ts';

/** The keys that secrets are encrypted with. */
export const secretsSettings = {
  key: secret({
    variable: 'BATUTA_SECRET_KEY',
    about:
      'Keys of the secrets: the first encrypts, all decrypt; without it the embedded database keeps one in its folder.',
    range: '32 bytes in base64 or hexadecimal, several separated by commas',
    pattern: /^\s*\S+(?:\s*,\s*\S+)*\s*$/,
  }),
  keyCommand: text({
    variable: 'BATUTA_SECRET_KEY_COMMAND',
    about: 'Command that prints the key (one a line, the first encrypts), such as one that asks a key store.',
    range: 'a command for /bin/sh',
  }),
};
