import { type AslScope, type AslState, innerScopes, nextStates } from './asl-definition.ts';

/** Events after which Step Functions ends a standard execution. Source: developer guide, "Service quotas". */
export const MAX_HISTORY_EVENTS = 25_000;

/**
 * How often a state of a loop is entered at most, and how many items a Map gets at most, by the state's name. States of a
 * loop that are not named are entered as often as the one that is entered most.
 */
export type LoopBounds = Readonly<Record<string, number>>;

/** Entered and exited. */
const STATE_EVENTS = 2;
/** Scheduled, started, succeeded or failed: of each attempt of a Task. */
const ATTEMPT_EVENTS = 3;
/** Started and succeeded: of a Map, of a Parallel, and of each iteration of a Map. */
const FRAME_EVENTS = 2;
/** Started and ended: of the execution. */
const EXECUTION_EVENTS = 2;
/**
 * Attempts that every visit of a Task is reckoned with: one that fails and one that does not. A Task that fails more
 * often than that, visit after visit, uses up its retries and so leaves the loop.
 */
const ATTEMPTS = 2;

/**
 * How many events the longest way through a machine can leave in the history of one execution.
 *
 * @throws Error naming a loop or a Map for which `bounds` holds no number.
 */
export const worstCaseHistory = (definition: AslScope, bounds: LoopBounds): number =>
  EXECUTION_EVENTS + scopeEvents(definition, bounds);

const scopeEvents = (scope: AslScope, bounds: LoopBounds): number => {
  const loops = findLoops(scope);
  const longest = new Map<string, number>();
  const longestFrom = (name: string): number => {
    const known = longest.get(name);
    if (known !== undefined) return known;
    const loop = loops.get(name) ?? [name];
    const exits = loop.flatMap((member) => next(scope, member)).filter((target) => !loop.includes(target));
    const after = Math.max(0, ...exits.map(longestFrom));
    const visits = visitsOf(scope, loop, loops.has(name), bounds);
    const inside = loop.map((member) => stateEvents(scope.States[member], member, bounds) * visits(member));
    const total = inside.reduce((sum, events) => sum + events, 0) + after;
    for (const member of loop) longest.set(member, total);
    return total;
  };
  return longestFrom(scope.StartAt);
};

const stateEvents = (state: AslState | undefined, name: string, bounds: LoopBounds): number => {
  if (state?.Type === 'Task') return STATE_EVENTS + ATTEMPTS * ATTEMPT_EVENTS;
  const inner = state ? innerScopes(state).reduce((sum, scope) => sum + scopeEvents(scope, bounds), 0) : 0;
  if (state?.Type === 'Parallel') return STATE_EVENTS + FRAME_EVENTS + inner;
  if (state?.Type !== 'Map') return STATE_EVENTS;
  const items = bounds[name];
  if (items === undefined) throw new Error(`Say how many items the Map ${name} gets at most.`);
  return STATE_EVENTS + FRAME_EVENTS + items * (FRAME_EVENTS + inner);
};

/** How often each state of a loop is entered: by its own bound, or as often as the loop goes round. */
const visitsOf = (
  { States }: AslScope,
  loop: readonly string[],
  isLoop: boolean,
  bounds: LoopBounds,
): ((name: string) => number) => {
  if (!isLoop) return () => 1;
  // The bound of a Map says how many items it gets, and nothing of how often it is entered.
  const boundOf = (name: string): number | undefined =>
    States[name]?.Type === 'Map' ? undefined : bounds[name];
  const given = loop.flatMap((name) => boundOf(name) ?? []);
  const rounds = Math.max(...given);
  if (given.length > 0) return (name) => boundOf(name) ?? rounds;
  throw new Error(`Say how often the loop ${loop.join(' -> ')} goes round at most.`);
};

const next = (scope: AslScope, name: string): string[] => {
  const state = scope.States[name];
  return state ? nextStates(state) : [];
};

/** For each state that can come back to itself, the states that lie on a way there and back. */
const findLoops = (scope: AslScope): Map<string, string[]> => {
  const reach = new Map(Object.keys(scope.States).map((name) => [name, reachableFrom(scope, name)]));
  const loops = new Map<string, string[]>();
  for (const [name, reached] of reach) {
    if (!reached.has(name)) continue;
    loops.set(
      name,
      [...reached].filter((other) => reach.get(other)?.has(name)),
    );
  }
  return loops;
};

const reachableFrom = (scope: AslScope, start: string): Set<string> => {
  const reached = new Set<string>();
  const waiting = next(scope, start);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...next(scope, name));
  }
  return reached;
};
