import type { PersonalDataKind } from '@batuta/contract';
import { personalDataKinds } from '../redaction/personal-data.ts';
import { list, type Setting } from './setting.ts';

/** What is taken out of logs and exports besides secrets, which always are. */
export const redactionSettings = {
  // Sound because the pattern lets through nothing else.
  personalData: list({
    variable: 'BATUTA_REDACT_PERSONAL_DATA',
    about: 'Personal data that is taken out of logs and exports; secrets always are.',
    each: personalDataKinds.join(', '),
    pattern: new RegExp(`^(?:${personalDataKinds.join('|')})$`),
    default: [],
  }) as Setting<readonly PersonalDataKind[]>,
};
