import type { Translated } from './translated.ts';

const english = {
  'help.backup': 'write everything, as of one instant, to a file; a running platform goes on',
  'help.backup.file': 'file to write (default: batuta-<moment>.batuta-backup here)',
  'help.restore': 'fill an empty database from a backup',
  'help.restore.file': 'the backup',
  'help.restore.resume':
    'let runs that were under way go on; what they did after the backup may happen twice',
  'backup.written': '{file}: {size}, as of {moment}',
  'restore.done': '{database}: restored as of {moment}: {sessions} sessions, {runs} runs, {events} events.',
  'restore.stopped':
    'Runs that were under way end as failed at the next start. Go on with one by: batuta runs retry <id>',
  'restore.resumed': 'Runs that were under way go on at the next start.',
  'restore.key':
    'The key {id} is missing, and it encrypts what cannot be used without it: {count} (secrets, and what webhooks sign with). The platform does not start before it is back: {how}.',
} as const;

const spanish: Translated<typeof english> = {
  'help.backup': 'escribe todo, como era en un instante, en un archivo; la plataforma en marcha sigue',
  'help.backup.file': 'archivo que se escribe (por defecto: batuta-<momento>.batuta-backup aquí)',
  'help.restore': 'llena una base de datos vacía con una copia de seguridad',
  'help.restore.file': 'la copia de seguridad',
  'help.restore.resume':
    'deja seguir las ejecuciones que estaban en curso; lo que hicieron después de la copia puede ocurrir dos veces',
  'backup.written': '{file}: {size}, como era el {moment}',
  'restore.done':
    '{database}: restaurada como era el {moment}: {sessions} sesiones, {runs} ejecuciones, {events} eventos.',
  'restore.stopped':
    'Las ejecuciones que estaban en curso terminan como fallidas en el próximo inicio. Para seguir con una: batuta runs retry <id>',
  'restore.resumed': 'Las ejecuciones que estaban en curso siguen en el próximo inicio.',
  'restore.key':
    'Falta la clave {id}, que cifra lo que no se puede usar sin ella: {count} (secretos, y aquello con lo que firman los webhooks). La plataforma no se inicia hasta que vuelva: {how}.',
};

const portuguese: Translated<typeof english> = {
  'help.backup': 'grava tudo, como era em um instante, em um arquivo; a plataforma em execução continua',
  'help.backup.file': 'arquivo a gravar (padrão: batuta-<momento>.batuta-backup aqui)',
  'help.restore': 'preenche um banco de dados vazio a partir de um backup',
  'help.restore.file': 'o backup',
  'help.restore.resume':
    'deixa continuar as execuções que estavam em andamento; o que fizeram depois do backup pode acontecer duas vezes',
  'backup.written': '{file}: {size}, como era em {moment}',
  'restore.done':
    '{database}: restaurado como era em {moment}: {sessions} sessões, {runs} execuções, {events} eventos.',
  'restore.stopped':
    'As execuções que estavam em andamento terminam como falhas no próximo início. Para continuar uma: batuta runs retry <id>',
  'restore.resumed': 'As execuções que estavam em andamento continuam no próximo início.',
  'restore.key':
    'Falta a chave {id}, que cifra o que não pode ser usado sem ela: {count} (segredos, e aquilo com que os webhooks assinam). A plataforma não inicia antes que ela volte: {how}.',
};

/** Texts of `batuta backup` and `batuta restore`. */
export const backupTexts = { english, spanish, portuguese };
