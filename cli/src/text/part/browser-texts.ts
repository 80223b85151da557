import type { Translated } from './translated.ts';

const english = {
  'doctor.browser': 'Agents browse with {program}',
  'doctor.browserMissing': 'There is no Chromium for the browser tools of agents',
} as const;

const spanish: Translated<typeof english> = {
  'doctor.browser': 'Los agentes navegan con {program}',
  'doctor.browserMissing': 'No hay Chromium para las herramientas de navegación de los agentes',
};

const portuguese: Translated<typeof english> = {
  'doctor.browser': 'Os agentes navegam com {program}',
  'doctor.browserMissing': 'Não há Chromium para as ferramentas de navegação dos agentes',
};

/** Texts about the browser. */
export const browserTexts = { english, spanish, portuguese };
