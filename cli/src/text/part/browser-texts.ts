import type { Translated } from './translated.ts';

const english = {
  'doctor.browser': 'Agents browse with {program}',
  'doctor.browserUnjailed': 'The browser of agents is not kept in a jail of its own: {reason}',
  'doctor.browserUnjailedMend':
    'Install bubblewrap (sudo apt-get install -y bubblewrap) and allow user namespaces; see docs/guide/browser.md.',
  'doctor.browserMissing': 'There is no Chromium for the browser tools of agents',
} as const;

const spanish: Translated<typeof english> = {
  'doctor.browser': 'Los agentes navegan con {program}',
  'doctor.browserUnjailed': 'El navegador de los agentes no está encerrado en un espacio propio: {reason}',
  'doctor.browserUnjailedMend':
    'Instale bubblewrap (sudo apt-get install -y bubblewrap) y permita los espacios de nombres de usuario; véase docs/guide/browser.md.',
  'doctor.browserMissing': 'No hay Chromium para las herramientas de navegación de los agentes',
};

const portuguese: Translated<typeof english> = {
  'doctor.browser': 'Os agentes navegam com {program}',
  'doctor.browserUnjailed': 'O navegador dos agentes não está fechado num espaço próprio: {reason}',
  'doctor.browserUnjailedMend':
    'Instale bubblewrap (sudo apt-get install -y bubblewrap) e permita espaços de nomes de utilizador; veja docs/guide/browser.md.',
  'doctor.browserMissing': 'Não há Chromium para as ferramentas de navegação dos agentes',
};

/** Texts about the browser. */
export const browserTexts = { english, spanish, portuguese };
