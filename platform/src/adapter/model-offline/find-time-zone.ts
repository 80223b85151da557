import { plain } from './words.ts';

/** Places that are not the name of their zone, in three languages. */
const places: Readonly<Record<string, string>> = {
  'America/Bogota': 'colombia',
  'America/Los_Angeles': 'san francisco,seattle,california,los angeles,san diego',
  'America/Mexico_City': 'mexico,ciudad de mexico,cidade do mexico,guadalajara',
  'America/New_York': 'nueva york,nova york,nova iorque,washington,boston,miami,atlanta',
  'America/Sao_Paulo': 'rio de janeiro,brasilia,brasil,brazil,curitiba,porto alegre,belo horizonte',
  'America/Chicago': 'houston,dallas,austin',
  'America/Lima': 'peru',
  'America/Argentina/Buenos_Aires': 'argentina',
  'Asia/Kolkata': 'india,delhi,nueva delhi,nova deli,mumbai,bangalore,calcuta',
  'Asia/Shanghai': 'china,beijing,pekin,pequim,xangai',
  'Asia/Tokyo': 'japan,japon,japao,tokio,toquio,osaka,kyoto',
  'Asia/Seoul': 'seul,korea,corea',
  'Asia/Singapore': 'singapur,singapura',
  'Asia/Dubai': 'abu dhabi',
  'Africa/Cairo': 'el cairo,egypt,egipto,egito',
  'Africa/Johannesburg': 'cape town,ciudad del cabo,cidade do cabo,johannesburgo,joanesburgo',
  'Australia/Sydney': 'sidney',
  'Europe/Athens': 'atenas,greece,grecia',
  'Europe/Berlin': 'berlim,germany,alemania,alemanha,munich,hamburg,frankfurt,cologne',
  'Europe/Brussels': 'bruselas,bruxelas',
  'Europe/Istanbul': 'estambul,istambul',
  'Europe/Lisbon': 'lisboa,portugal,porto,oporto',
  'Europe/London': 'londres,england,inglaterra,edinburgh,manchester',
  'Europe/Madrid': 'spain,espana,espanha,barcelona,valencia,sevilla,seville',
  'Europe/Moscow': 'moscu,moscou',
  'Europe/Paris': 'france,francia,franca,lyon,marseille',
  'Europe/Prague': 'praga',
  'Europe/Rome': 'roma,italy,italia,milan,milano,milao',
  'Europe/Stockholm': 'estocolmo',
  'Europe/Vienna': 'viena',
  'Europe/Warsaw': 'varsovia',
  'Europe/Zurich': 'geneva,ginebra,genebra,switzerland,suiza,suica',
  UTC: 'utc,gmt',
};

let zonesByPlace: ReadonlyMap<string, string> | undefined;

/** The IANA time zone that a text names, by itself or by a city or country; undefined when it names none. */
export function findTimeZone(text: string): string | undefined {
  const written = /\b[A-Z][A-Za-z]+\/[A-Za-z_]+(?:\/[A-Za-z_]+)?\b/.exec(text)?.[0];
  if (written !== undefined && isZone(written)) return written;
  zonesByPlace ??= buildIndex();
  const words = plain(text).match(/\p{L}+/gu) ?? [];
  for (const length of [4, 3, 2, 1]) {
    for (let at = 0; at + length <= words.length; at += 1) {
      const zone = zonesByPlace.get(words.slice(at, at + length).join(' '));
      if (zone !== undefined) return zone;
    }
  }
  return undefined;
}

/** Every zone by its city, and the further places. */
function buildIndex(): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const city = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
    index.set(plain(city), zone);
  }
  for (const [zone, names] of Object.entries(places))
    for (const name of names.split(',')) index.set(name, zone);
  return index;
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
