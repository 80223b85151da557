import type { Translated } from './translated.ts';

/** Each list says, where it is empty, what would stand there and how to make one. */
const english = {
  'empty.users': 'There are no users here. `batuta users create <name>` adds one.',
  'empty.secrets':
    'There are no secrets yet. `batuta secrets set <name>` stores one, for tools, tool servers and APIs.',
  'empty.schedules':
    'There are no such schedules. `batuta schedules add <agent> <input>` makes an agent work at given times.',
  'empty.links': 'There are no links to this approval. `batuta approvals link <id> <recipient>` makes one.',
  'empty.runs': 'There are no such runs. `batuta run <agent> <text>` starts one.',
  'empty.deliveries': 'Nothing was sent to this webhook yet. Something is when one of its events happens.',
  'empty.keys': 'There are no API keys here. `batuta keys create <name>` makes one.',
  'empty.audit': 'The audit log has no such entries.',
  'empty.approvals':
    'Nothing waits for a person. Runs wait here when a rule asks, or an agent has a question.',
  'empty.budgets': 'There are no budgets. `batuta budgets set <scope>` limits what may be spent.',
  'empty.authorizations':
    'Nobody has consented anywhere yet. `batuta authorizations begin <service>` gives a link for a tool server or an API with OAuth.',
  'empty.webhooks': 'There are no webhooks. `batuta webhooks add <url>` tells another system of events.',
  'empty.tools':
    'There are no such tools. Tools of servers and APIs are declared in batuta.yaml, under mcp and openapi; `batuta tools` names all sources.',
} as const;

const spanish: Translated<typeof english> = {
  'empty.users': 'No hay usuarios aquí. `batuta users create <name>` añade uno.',
  'empty.secrets':
    'Aún no hay secretos. `batuta secrets set <name>` guarda uno, para herramientas, servidores de herramientas y API.',
  'empty.schedules':
    'No hay tales horarios. `batuta schedules add <agent> <input>` hace trabajar a un agente a horas dadas.',
  'empty.links': 'No hay enlaces a esta aprobación. `batuta approvals link <id> <recipient>` crea uno.',
  'empty.runs': 'No hay tales ejecuciones. `batuta run <agent> <text>` inicia una.',
  'empty.deliveries':
    'Aún no se ha enviado nada a este webhook. Se enviará cuando ocurra uno de sus eventos.',
  'empty.keys': 'No hay claves de API aquí. `batuta keys create <name>` crea una.',
  'empty.audit': 'El registro de auditoría no tiene tales entradas.',
  'empty.approvals':
    'Nada espera a una persona. Las ejecuciones esperan aquí cuando una regla consulta o un agente pregunta.',
  'empty.budgets': 'No hay presupuestos. `batuta budgets set <scope>` limita lo que se puede gastar.',
  'empty.authorizations':
    'Nadie ha dado su consentimiento todavía. `batuta authorizations begin <service>` da un enlace para un servidor de herramientas o una API con OAuth.',
  'empty.webhooks': 'No hay webhooks. `batuta webhooks add <url>` avisa a otro sistema de los eventos.',
  'empty.tools':
    'No hay tales herramientas. Las de servidores y API se declaran en batuta.yaml, en mcp y openapi; `batuta tools` nombra todas las fuentes.',
};

const portuguese: Translated<typeof english> = {
  'empty.users': 'Não há usuários aqui. `batuta users create <name>` adiciona um.',
  'empty.secrets':
    'Ainda não há segredos. `batuta secrets set <name>` guarda um, para ferramentas, servidores de ferramentas e APIs.',
  'empty.schedules':
    'Não há tais agendamentos. `batuta schedules add <agent> <input>` faz um agente trabalhar em horas marcadas.',
  'empty.links': 'Não há links para esta aprovação. `batuta approvals link <id> <recipient>` cria um.',
  'empty.runs': 'Não há tais execuções. `batuta run <agent> <text>` inicia uma.',
  'empty.deliveries':
    'Nada foi enviado ainda a este webhook. Algo será enviado quando ocorrer um dos seus eventos.',
  'empty.keys': 'Não há chaves de API aqui. `batuta keys create <name>` cria uma.',
  'empty.audit': 'O registro de auditoria não tem tais entradas.',
  'empty.approvals':
    'Nada espera por uma pessoa. As execuções esperam aqui quando uma regra consulta ou um agente pergunta.',
  'empty.budgets': 'Não há orçamentos. `batuta budgets set <scope>` limita o que pode ser gasto.',
  'empty.authorizations':
    'Ninguém deu consentimento ainda. `batuta authorizations begin <service>` dá um link para um servidor de ferramentas ou uma API com OAuth.',
  'empty.webhooks': 'Não há webhooks. `batuta webhooks add <url>` avisa outro sistema dos eventos.',
  'empty.tools':
    'Não há tais ferramentas. As de servidores e APIs são declaradas em batuta.yaml, em mcp e openapi; `batuta tools` nomeia todas as fontes.',
};

/** What empty lists say, by language. */
export const emptyTexts = { english, spanish, portuguese };
