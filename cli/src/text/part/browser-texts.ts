import type { Translated } from './translated.ts';

const english = {
  'help.browser': 'browsers of agents',
  'help.browser.watch': 'print the address at which the browser of a session is seen and can be taken over',
  'help.browser.session': 'id of the session',
  'browser.signIn':
    'Sign in first in the browser that you open it with: by the link that the start prints, or at your identity provider.',
  'doctor.browser': 'Agents browse with {program}',
  'doctor.browserUnjailed': 'The browser of agents is not kept in a jail of its own: {reason}',
  'doctor.browserUnjailedMend':
    'Install bubblewrap (sudo apt-get install -y bubblewrap) and allow user namespaces; see docs/guide/browser.md.',
  'doctor.browserMissing': 'There is no Chromium for the browser tools of agents',
} as const;

const spanish: Translated<typeof english> = {
  'help.browser': 'navegadores de los agentes',
  'help.browser.watch':
    'muestra la dirección donde se ve el navegador de una sesión y se puede tomar el control',
  'help.browser.session': 'identificador de la sesión',
  'browser.signIn':
    'Inicie sesión primero en el navegador con el que la abra: con el enlace que muestra el arranque o en su proveedor de identidad.',
  'doctor.browser': 'Los agentes navegan con {program}',
  'doctor.browserUnjailed': 'El navegador de los agentes no está encerrado en un espacio propio: {reason}',
  'doctor.browserUnjailedMend':
    'Instale bubblewrap (sudo apt-get install -y bubblewrap) y permita los espacios de nombres de usuario; véase docs/guide/browser.md.',
  'doctor.browserMissing': 'No hay Chromium para las herramientas de navegación de los agentes',
};

const portuguese: Translated<typeof english> = {
  'help.browser': 'navegadores dos agentes',
  'help.browser.watch': 'mostra o endereço onde se vê o navegador de uma sessão e se pode assumir o controle',
  'help.browser.session': 'identificador da sessão',
  'browser.signIn':
    'Inicie sessão primeiro no navegador com que o abrir: pelo link que o início mostra ou no seu provedor de identidade.',
  'doctor.browser': 'Os agentes navegam com {program}',
  'doctor.browserUnjailed': 'O navegador dos agentes não está fechado num espaço próprio: {reason}',
  'doctor.browserUnjailedMend':
    'Instale bubblewrap (sudo apt-get install -y bubblewrap) e permita espaços de nomes de utilizador; veja docs/guide/browser.md.',
  'doctor.browserMissing': 'Não há Chromium para as ferramentas de navegação dos agentes',
};

/** Texts about the browser. */
export const browserTexts = { english, spanish, portuguese };
