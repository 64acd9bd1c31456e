import { pathToFileURL } from 'node:url';
import type * as z from 'zod';
import { findWay, type Imports } from './import-graph.ts';
import { lambdasOf, roomOf } from './rooms.ts';
import { pathsOf, type Tree, type Violation } from './tree.ts';

/** `verb-noun`: at least two words of small letters. */
const VERB_NOUN = /^[a-z]+(-[a-z]+)+$/;
/** How the exported handler of every Lambda is made. */
const HANDLER = /^export const handler = makeLambda\(/m;
const RUN = /^export const run = /m;

const nameOf = (path: string): string => path.replaceAll(/^.*\/|\.ts$/g, '');
const contractOf = (path: string): string => path.replace(/\.ts$/, '.contract.ts');

/** Every contract has its function, every handler is made by the one bundle, every `run` can be tested. */
export const checkLambdas = (tree: Tree, { values }: Imports): Violation[] => {
  const orphans = pathsOf(tree, /^functions\/.*\.contract\.ts$/).filter(
    (path) => !tree.has(path.replace('.contract.ts', '.ts')),
  );
  const strays = pathsOf(tree, /^functions\/.*\.ts$/).filter(
    (path) =>
      /^export (const|default|async function|function) handler\b/m.test(tree.get(path) ?? '') &&
      roomOf(path, tree) !== 'lambda',
  );
  const tests = pathsOf(tree, /^test\/.*\.test\.ts$/);
  // By way of what a test's world is made of, not by way of the product.
  const ownWays = new Map([...values].filter(([from]) => from.startsWith('test/')));
  const isReached = (test: string, path: string): boolean =>
    findWay(ownWays, test, (to) => to === path) !== undefined;
  const isTested = (path: string): boolean => tests.some((test) => isReached(test, path));
  return [
    ...orphans.map(
      (path) => `${path} is the contract of no function; write ${path.replace('.contract.ts', '.ts')}`,
    ),
    ...strays.map((path) => `${path} exports a handler and has no contract; write ${contractOf(path)}`),
    ...lambdasOf(tree).flatMap((path) => [
      ...(VERB_NOUN.test(nameOf(path)) ? [] : [`${path}: a Lambda is called verb-noun`]),
      ...(HANDLER.test(tree.get(path) ?? '') ? [] : [`${path}: its handler is not made by makeLambda`]),
      ...(RUN.test(tree.get(path) ?? '') ? [] : [`${path} exports no run for the tests`]),
      ...(values.get(path)?.includes(contractOf(path)) ? [] : [`${path} does not know its own contract`]),
      ...(isTested(path) ? [] : [`${path} is imported by no test`]),
    ]),
  ];
};

/** Every Lambda has a sample event, under its own name; no sample is left over. */
export const checkSamples = (tree: Tree): Violation[] => {
  const lambdas = lambdasOf(tree).map((path) => path.replaceAll(/^functions\/|\.ts$/g, ''));
  const samples = pathsOf(tree, /^events\/.*\.json$/);
  const ownerOf = (path: string): string => path.replaceAll(/^events\/|(\.[^/]*)$/g, '');
  return [
    ...lambdas
      .filter((name) => !samples.some((path) => ownerOf(path) === name))
      .map((name) => `${name} has no sample; write events/${name}.<case>.json`),
    ...samples
      .filter((path) => !lambdas.includes(ownerOf(path)))
      .map((path) => `${path} is the sample of no Lambda`),
  ];
};

/** Every sample is what its Lambda takes, so that it can be sent from the console. */
export const checkSampleInputs = async (tree: Tree, root: string): Promise<Violation[]> => {
  const violations = pathsOf(tree, /^events\/.*\.json$/).map(async (path) => {
    const contract = `functions/${path.replaceAll(/^events\/|(\.[^/]*)$/g, '')}.contract.ts`;
    if (!tree.has(contract)) return [];
    const { Input } = (await import(`${pathToFileURL(root).href}/${contract}`)) as { Input: z.ZodType };
    const parsed = Input.safeParse(parseJson(tree.get(path) ?? ''));
    return parsed.success ? [] : [`${path} is not what its Lambda takes: ${parsed.error.message}`];
  });
  return (await Promise.all(violations)).flat();
};

/** What a test of the world does that runs a machine. */
const RUNS: Readonly<Record<string, RegExp>> = {
  deployment: /\bpush\(/,
  rollout: /\bpush\(/,
  'deployment-sweep': /\bmachines\.sweep\b/,
  control: /\bmachines\.control\b/,
  'upgrade-check': /'upgradeCheck'/,
  'cluster-check': /'upgradeCheck'/,
  upgrade: /machines\.upgrade\b/,
  backup: /\bviewBackups\(/,
  'backup-verification': /\bviewBackups\(/,
  'backup-upkeep': /machines\.upkeep\b/,
  restore: /\bviewRestores\(/,
  'restore-drill': /\bviewDrills\(/,
};

/** Every machine is deployed, run by a test of the world, and calls Lambdas that are there. */
export const checkMachines = (tree: Tree): Violation[] => {
  const texts = (pattern: RegExp): string[] => pathsOf(tree, pattern).map((path) => tree.get(path) ?? '');
  const infra = texts(/^infra\/[^/]*\.ts$/);
  const worlds = texts(/^test\/.*\.world\.test\.ts$/);
  return pathsOf(tree, /^state-machines\/.*\.asl\.json$/).flatMap((path) => {
    const name = path.replaceAll(/^state-machines\/|\.asl\.json$/g, '');
    const runs = RUNS[name];
    return [
      ...(infra.some((text) => text.includes(`'${name}'`))
        ? []
        : [`${path} is deployed by no construct in infra/`]),
      ...(runs && worlds.some((text) => runs.test(text)) ? [] : [`${path} is run by no *.world.test.ts`]),
      ...findUnknownSteps(path, tree),
    ];
  });
};

const findUnknownSteps = (path: string, tree: Tree): Violation[] => {
  const known = new Set(lambdasOf(tree).map((lambda) => pascal(nameOf(lambda))));
  const steps = [...(tree.get(path) ?? '').matchAll(/"FunctionName": "\$\{(\w+)Arn\}"/g)].map(
    (match) => match[1] ?? '',
  );
  return steps
    .filter((step) => !known.has(step))
    .map((step) => `${path} calls ${step}, and there is no such Lambda`);
};

const pascal = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
