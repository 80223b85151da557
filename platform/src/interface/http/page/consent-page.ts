import { escapeHtml, makePage, type Page } from './page.ts';
import type { PageLanguage } from './approval-page-text.ts';

interface ConsentPageText {
  title: string;
  /** `{service}` stands for the service. */
  ask: string;
  ofUser: string;
  connect: string;
  doneTitle: string;
  done: string;
  failedTitle: string;
}

const texts: Readonly<Record<PageLanguage, ConsentPageText>> = {
  en: {
    title: 'Connect a service',
    ask: 'You have allowed this platform to use {service} for you. Finish only if you began this yourself.',
    ofUser: 'You must be signed in to this platform in this browser.',
    connect: 'Finish',
    doneTitle: 'Connected',
    done: '{service} is connected. What waited for it goes on. You can close this page.',
    failedTitle: 'Not connected',
  },
  es: {
    title: 'Conectar un servicio',
    ask: 'Ha permitido que esta plataforma use {service} en su nombre. Termine solo si lo empezó usted.',
    ofUser: 'Debe haber iniciado sesión en esta plataforma en este navegador.',
    connect: 'Terminar',
    doneTitle: 'Conectado',
    done: '{service} está conectado. Lo que esperaba por ello continúa. Puede cerrar esta página.',
    failedTitle: 'No conectado',
  },
  pt: {
    title: 'Conectar um serviço',
    ask: 'Você permitiu que esta plataforma use {service} em seu nome. Conclua apenas se foi você quem começou.',
    ofUser: 'É preciso ter iniciado sessão nesta plataforma neste navegador.',
    connect: 'Concluir',
    doneTitle: 'Conectado',
    done: '{service} está conectado. O que esperava por isso continua. Você pode fechar esta página.',
    failedTitle: 'Não conectado',
  },
};

/** The page that a browser is shown when a service has sent it back: only its button ends the consent. */
export function makeConsentPage(asked: { service: string; isOfUser: boolean }, language: PageLanguage): Page {
  const text = texts[language];
  const body = [
    `<h1>${escapeHtml(text.title)}</h1>`,
    `<p>${sentence(text.ask, asked.service)}</p>`,
    ...(asked.isOfUser ? [`<p class="muted">${escapeHtml(text.ofUser)}</p>`] : []),
    `<form method="post"><button type="submit">${escapeHtml(text.connect)}</button></form>`,
  ];
  return makePage(text.title, body.join('\n'), { language, hasForm: true });
}

/** What a consent that was ended is answered. */
export function makeConnectedPage(service: string, language: PageLanguage): Page {
  const text = texts[language];
  const body = `<h1>${escapeHtml(text.doneTitle)}</h1>\n<p>${sentence(text.done, service)}</p>`;
  return makePage(text.doneTitle, body, { language });
}

/** Why nothing was connected. */
export function makeNotConnectedPage(reason: string, language: PageLanguage): Page {
  const text = texts[language];
  const body = `<h1>${escapeHtml(text.failedTitle)}</h1>\n<p>${escapeHtml(reason)}</p>`;
  return makePage(text.failedTitle, body, { language });
}

function sentence(template: string, service: string): string {
  return escapeHtml(template).replace('{service}', `<strong>${escapeHtml(service)}</strong>`);
}
