import type { Translated } from './translated.ts';

const english = {
  'help.secrets': 'keep secrets that tools and providers need; their values can never be read back',
  'help.secrets.list': 'list secrets, without their values',
  'help.secrets.set': 'set a secret; its value is asked for, or read from standard input',
  'help.secrets.name': 'its name; files refer to it as secret://<name>',
  'help.secrets.delete': 'delete a secret',
  'help.secrets.rotateKey': 'encrypt all secrets with a new key; can be repeated when it was interrupted',
  'secret.ask': 'Value of {name} (it is not shown): ',
  'secret.set': 'The secret {name} was set.',
  'secret.deleted': 'The secret {name} was deleted.',
  'secret.rotated': 'Secrets encrypted anew: {count}. Key: {key}.',
  'secret.unused': 'These keys are no longer needed and can be taken out of the configuration: {keys}.',
  'secret.name': 'Secret',
  'secret.updated': 'Set',
  'secret.by': 'By',
  'usage.emptySecret': 'No value was given.',
} as const;

const spanish: Translated<typeof english> = {
  'help.secrets':
    'guarda secretos que necesitan herramientas y proveedores; sus valores nunca se pueden volver a leer',
  'help.secrets.list': 'lista los secretos, sin sus valores',
  'help.secrets.set': 'fija un secreto; su valor se pregunta o se lee de la entrada estándar',
  'help.secrets.name': 'su nombre; los archivos lo nombran como secret://<nombre>',
  'help.secrets.delete': 'borra un secreto',
  'help.secrets.rotateKey': 'cifra todos los secretos con una clave nueva; puede repetirse si se interrumpió',
  'secret.ask': 'Valor de {name} (no se muestra): ',
  'secret.set': 'El secreto {name} quedó fijado.',
  'secret.deleted': 'El secreto {name} fue borrado.',
  'secret.rotated': 'Secretos cifrados de nuevo: {count}. Clave: {key}.',
  'secret.unused': 'Estas claves ya no hacen falta y pueden quitarse de la configuración: {keys}.',
  'secret.name': 'Secreto',
  'secret.updated': 'Fijado',
  'secret.by': 'Por',
  'usage.emptySecret': 'No se dio ningún valor.',
};

const portuguese: Translated<typeof english> = {
  'help.secrets':
    'guarda segredos de que ferramentas e provedores precisam; seus valores nunca podem ser lidos de volta',
  'help.secrets.list': 'lista os segredos, sem seus valores',
  'help.secrets.set': 'define um segredo; seu valor é perguntado ou lido da entrada padrão',
  'help.secrets.name': 'seu nome; os arquivos o citam como secret://<nome>',
  'help.secrets.delete': 'apaga um segredo',
  'help.secrets.rotateKey':
    'cifra todos os segredos com uma chave nova; pode ser repetido se foi interrompido',
  'secret.ask': 'Valor de {name} (não é mostrado): ',
  'secret.set': 'O segredo {name} foi definido.',
  'secret.deleted': 'O segredo {name} foi apagado.',
  'secret.rotated': 'Segredos cifrados de novo: {count}. Chave: {key}.',
  'secret.unused': 'Estas chaves não são mais necessárias e podem sair da configuração: {keys}.',
  'secret.name': 'Segredo',
  'secret.updated': 'Definido',
  'secret.by': 'Por',
  'usage.emptySecret': 'Nenhum valor foi dado.',
};

/** Texts of `batuta secrets`. */
export const secretTexts = { english, spanish, portuguese };
