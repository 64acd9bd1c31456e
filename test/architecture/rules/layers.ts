import { findWay, type Imports } from './import-graph.ts';
import { capabilityOf, type Room, roomOf } from './rooms.ts';
import type { Tree, Violation } from './tree.ts';

/** Who may know whom: files by their rooms, types included. */
const MAY_KNOW: Readonly<Record<Exclude<Room, 'test' | 'local world'>, readonly Room[]>> = {
  record: ['record'],
  rule: ['rule', 'record', 'runtime'],
  runtime: ['runtime', 'record'],
  client: ['client', 'record', 'rule', 'runtime'],
  contract: ['contract', 'record'],
  // A rule may name the shape of an input or a client's interface; that it loads no SDK is asked below.
  noun: ['noun', 'contract', 'record', 'rule', 'runtime', 'client'],
  'shared step': ['shared step', 'noun', 'record', 'rule', 'runtime', 'client'],
  lambda: ['contract', 'shared step', 'noun', 'record', 'rule', 'runtime', 'client'],
  command: ['command', 'noun', 'record', 'rule', 'runtime', 'client'],
  infra: ['infra', 'contract', 'record'],
};

/** Single files that another room may know although the table says no, and why. */
const DOORS: readonly { readonly room: Room; readonly to: RegExp; readonly why: string }[] = [
  {
    room: 'record',
    to: /^functions\/deployment\/policies\//,
    why: 'each policy brings the schema of its own settings',
  },
  {
    room: 'client',
    to: /^functions\/deployment\/annotations\.ts$/,
    why: 'names of annotations, constants only',
  },
  {
    room: 'client',
    to: /^functions\/backup\/archive\/byte-source\.ts$/,
    why: 'an interface, of what an archive is read through',
  },
];

/** Rooms whose files load nothing that speaks to the outside. */
const PURE: readonly Room[] = ['noun', 'record', 'rule', 'contract'];
/** What speaks to the outside: SDKs, HTTP clients, and Node's own sockets. */
export const OUTSIDE =
  /^(@aws-sdk\/|@smithy\/|@aws-crypto\/|@kubernetes\/|aws4fetch$|ky$|node:(https?|http2|net|tls|dns|dgram)(\/|$))/;
/** The one library of the Lambda skeleton, and the one file that may know it. */
const SKELETON = { package: /^@middy\//, only: 'functions/runtime/lambda.ts' };

/** Checks every import of the product against the rooms. */
export const checkLayers = (tree: Tree, { values, all }: Imports): Violation[] => {
  const product = [...all].filter(([path]) => {
    const room = roomOf(path, tree);
    return room !== undefined && room !== 'test' && room !== 'local world';
  });
  return product.flatMap(([path, imported]) => [
    ...imported.flatMap((to) => checkDoor(path, to, tree)),
    ...checkPurity(path, values, tree),
  ]);
};

const checkDoor = (path: string, to: string, tree: Tree): Violation[] => {
  const room = roomOf(path, tree);
  if (SKELETON.package.test(to) && path !== SKELETON.only) {
    return [`${path} imports ${to}: only ${SKELETON.only} makes Lambdas`];
  }
  if (OUTSIDE.test(to) && path.startsWith('functions/') && room !== 'client') {
    return [`${path} imports ${to}: only functions/clients speaks to the outside`];
  }
  const toRoom = roomOf(to, tree);
  if (toRoom === undefined || room === undefined || room === 'test' || room === 'local world') return [];
  if (DOORS.some((door) => door.room === room && door.to.test(to))) return [];
  const [own, other] = [capabilityOf(path), capabilityOf(to)];
  if (own !== undefined && other !== undefined && own !== other) {
    return [`${path} imports ${to}: capabilities meet in records, never in code`];
  }
  return MAY_KNOW[room].includes(toRoom) ? [] : [`${path} (${room}) imports ${to} (${toRoom})`];
};

const checkPurity = (path: string, values: Imports['values'], tree: Tree): Violation[] => {
  const room = roomOf(path, tree);
  const isLoadedByInfra = room === 'infra';
  if (!isLoadedByInfra && !(room && PURE.includes(room))) return [];
  const way = findWay(
    values,
    path,
    (to) =>
      (isLoadedByInfra ? /^(@kubernetes\/|@middy\/)/ : OUTSIDE).test(to) || roomOf(to, tree) === 'lambda',
  );
  return way ? [`${path} (${room}) loads ${way.slice(1).join(' -> ')}`] : [];
};
