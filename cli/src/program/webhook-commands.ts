import type { DeliveryStatus, WebhookKind } from '@batuta/contract';
import { Option, type Command } from 'commander';
import { addCommand, choiceOption, type ProgramParts } from './parts.ts';
import { deliveryStatuses, webhookKinds } from './words.ts';

interface AddOptions {
  on: WebhookKind[];
  description?: string;
}

interface DeliveryOptions {
  status?: DeliveryStatus;
  limit: string;
}

/** webhooks. */
export function addWebhookCommands(program: Command, parts: ProgramParts): void {
  const { say, perform } = parts;
  const webhooks = addCommand(program, { name: 'webhooks', description: say('help.webhooks') }, say);
  addCommand(webhooks, { name: 'list', description: say('help.webhooks.list'), isDefault: true }, say)
    .option('--limit <number>', say('help.limit'), '50')
    .action((options: { limit: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/webhooks.ts')).listWebhooks(context, options),
      ),
    );
  addAdd(webhooks, parts);
  addOnes(webhooks, parts);
  addRotate(webhooks, parts);
  addDeliveries(webhooks, parts);
}

function addAdd(webhooks: Command, { say, perform }: ProgramParts): void {
  const kinds = new Option('--on <kinds...>', say('help.webhooks.kinds')).choices([...webhookKinds]);
  addCommand(webhooks, { name: 'add', description: say('help.webhooks.add') }, say)
    .argument('<url>', say('help.webhooks.url'))
    .addOption(kinds.makeOptionMandatory())
    .option('--description <text>', say('help.webhooks.description'))
    .action((url: string, { on, description }: AddOptions, command: Command) =>
      perform(command, async (context) => {
        const webhook = { url, kinds: on, ...(description === undefined ? {} : { description }) };
        return (await import('../command/webhooks.ts')).addWebhook(context, webhook);
      }),
    );
}

/** Commands that take the id of one webhook and nothing else. */
function addOnes(webhooks: Command, { say, perform }: ProgramParts): void {
  const ones = {
    show: 'showWebhook',
    enable: 'enableWebhook',
    disable: 'disableWebhook',
    test: 'testWebhook',
    delete: 'deleteWebhook',
  } as const;
  for (const name of ['show', 'enable', 'disable', 'test', 'delete'] as const) {
    addCommand(webhooks, { name, description: say(`help.webhooks.${name}`) }, say)
      .argument('<id>', say('help.id'))
      .action((id: string, _options: unknown, command: Command) =>
        perform(command, async (context) =>
          (await import('../command/webhooks.ts'))[ones[name]](context, id),
        ),
      );
  }
}

function addRotate(webhooks: Command, { say, perform }: ProgramParts): void {
  addCommand(webhooks, { name: 'rotate', description: say('help.webhooks.rotate') }, say)
    .argument('<id>', say('help.id'))
    .option('--overlap <hours>', say('help.webhooks.overlap'), '24')
    .action((id: string, options: { overlap: string }, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/webhooks.ts')).rotateWebhook(context, id, options),
      ),
    );
}

function addDeliveries(webhooks: Command, { say, perform }: ProgramParts): void {
  addCommand(webhooks, { name: 'deliveries', description: say('help.webhooks.deliveries') }, say)
    .argument('<id>', say('help.id'))
    .addOption(choiceOption('--status <state>', say('help.webhooks.status'), deliveryStatuses))
    .option('--limit <number>', say('help.limit'), '20')
    .action((id: string, options: DeliveryOptions, command: Command) =>
      perform(command, async (context) =>
        (await import('../command/deliveries.ts')).listDeliveries(context, id, options),
      ),
    );
  addCommand(webhooks, { name: 'replay', description: say('help.webhooks.replay') }, say)
    .argument('<id>', say('help.id'))
    .argument('[message]', say('help.webhooks.message'))
    .action((...[id, message, , command]: [string, string | undefined, unknown, Command]) =>
      perform(command, async (context) =>
        (await import('../command/deliveries.ts')).replayDeliveries(context, id, message),
      ),
    );
}
