import type { Translated } from './translated.ts';

const english = {
  'doctor.sandbox': 'Commands of agents run in a sandbox ({kind})',
  'doctor.sandboxOff': 'Commands of agents are switched off',
  'doctor.sandboxNone': 'Nothing keeps commands of agents in: each of them is asked about',
  'doctor.sandboxNoneMend': 'Set sandbox.kind to auto',
  'doctor.sandboxLacks': 'Commands of agents ({kind}): {reason}',
} as const;

const spanish: Translated<typeof english> = {
  'doctor.sandbox': 'Los comandos de los agentes se ejecutan aislados ({kind})',
  'doctor.sandboxOff': 'Los comandos de los agentes están desactivados',
  'doctor.sandboxNone': 'Nada aísla los comandos de los agentes: se pregunta por cada uno',
  'doctor.sandboxNoneMend': 'Define sandbox.kind como auto',
  'doctor.sandboxLacks': 'Comandos de los agentes ({kind}): {reason}',
};

const portuguese: Translated<typeof english> = {
  'doctor.sandbox': 'Os comandos dos agentes são executados isolados ({kind})',
  'doctor.sandboxOff': 'Os comandos dos agentes estão desativados',
  'doctor.sandboxNone': 'Nada isola os comandos dos agentes: pergunta-se por cada um',
  'doctor.sandboxNoneMend': 'Defina sandbox.kind como auto',
  'doctor.sandboxLacks': 'Comandos dos agentes ({kind}): {reason}',
};

/** Texts about sandboxes. */
export const sandboxTexts = { english, spanish, portuguese };
