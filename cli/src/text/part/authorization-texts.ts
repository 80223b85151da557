import type { Translated } from './translated.ts';

const english = {
  'help.authorizations': 'what people have let tools do for them at services elsewhere',
  'help.authorizations.list': 'list consents; tokens are never shown',
  'help.authorizations.begin': 'show the address at which to consent at a service',
  'help.authorizations.service': 'the service, such as mcp:tickets',
  'help.authorizations.revoke': 'withdraw a consent',
  'help.authorizations.id': 'its id, such as grt_...',
  'authorization.id': 'Consent',
  'authorization.service': 'Service',
  'authorization.user': 'User',
  'authorization.scopes': 'Scopes',
  'authorization.updated': 'Renewed',
  'authorization.open': 'Open this address in a browser: {url}',
  'authorization.granted': '{service} was granted already.',
  'authorization.revoked': 'The consent {id} was withdrawn.',
} as const;

const spanish: Translated<typeof english> = {
  'help.authorizations': 'lo que las personas permiten hacer por ellas a las herramientas en otros servicios',
  'help.authorizations.list': 'lista los consentimientos; los tokens nunca se muestran',
  'help.authorizations.begin': 'muestra la dirección donde consentir en un servicio',
  'help.authorizations.service': 'el servicio, como mcp:tickets',
  'help.authorizations.revoke': 'retira un consentimiento',
  'help.authorizations.id': 'su id, como grt_...',
  'authorization.id': 'Consentimiento',
  'authorization.service': 'Servicio',
  'authorization.user': 'Usuario',
  'authorization.scopes': 'Permisos',
  'authorization.updated': 'Renovado',
  'authorization.open': 'Abra esta dirección en un navegador: {url}',
  'authorization.granted': '{service} ya fue concedido.',
  'authorization.revoked': 'El consentimiento {id} fue retirado.',
};

const portuguese: Translated<typeof english> = {
  'help.authorizations': 'o que as pessoas deixam as ferramentas fazer por elas em outros serviços',
  'help.authorizations.list': 'lista os consentimentos; os tokens nunca são mostrados',
  'help.authorizations.begin': 'mostra o endereço onde consentir em um serviço',
  'help.authorizations.service': 'o serviço, como mcp:tickets',
  'help.authorizations.revoke': 'retira um consentimento',
  'help.authorizations.id': 'seu id, como grt_...',
  'authorization.id': 'Consentimento',
  'authorization.service': 'Serviço',
  'authorization.user': 'Usuário',
  'authorization.scopes': 'Permissões',
  'authorization.updated': 'Renovado',
  'authorization.open': 'Abra este endereço em um navegador: {url}',
  'authorization.granted': '{service} já foi concedido.',
  'authorization.revoked': 'O consentimento {id} foi retirado.',
};

/** Texts of `batuta authorizations`. */
export const authorizationTexts = { english, spanish, portuguese };
