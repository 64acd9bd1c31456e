import { type KubeConfig, type RequestContext, type User } from '@kubernetes/client-node';
import { suggestName } from '../records/configuration/suggestion.ts';
import { RefusedError } from '../runtime/errors.ts';
import { Http1KubeConfig } from './http1-kube-config.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';

/** A cluster as somebody's own kubeconfig names it, exec plugins (`aws eks get-token`) included. */
export interface KubeconfigCluster {
  readonly connection: KubernetesConnection;
  /** Name of the context that was chosen. */
  readonly context: string;
  /** The EKS cluster behind it, as far as the kubeconfig tells. */
  readonly eks: { readonly cluster?: string; readonly region?: string };
  /** AWS_PROFILE of its exec plugin. */
  readonly profile?: string;
}

export interface KubeconfigChoice {
  /** Path of the kubeconfig; otherwise $KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig?: string;
  /** Otherwise the current context. */
  readonly context?: string;
}

/**
 * Opens a cluster with the user's own kubeconfig. Nothing is asked of it yet.
 *
 * @throws RefusedError `kubeconfig.missing`, `kubeconfig.unreadable`, and `kubeconfig.no-context` with the contexts that
 * there are.
 */
export const openKubeconfig = (choice: KubeconfigChoice): KubeconfigCluster => {
  const first = load(choice);
  const context = first.getCurrentContext();
  const cluster = first.getCurrentCluster();
  const user = first.getCurrentUser();
  let config: KubeConfig = first;
  return {
    connection: {
      cluster: context,
      config: async () => config,
      renew: () => {
        // A fresh one has no token of before, and runs the exec plugin again.
        config = load(choice);
      },
      compress: true,
    },
    context,
    eks: findEksCluster(cluster?.name ?? '', cluster?.server ?? '', user),
    ...profileOf(user),
  };
};

/** One pool of connections for all calls, where the library makes one a call. */
class UserKubeConfig extends Http1KubeConfig {
  #dispatcher: ReturnType<RequestContext['getDispatcher']>;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.#dispatcher ??= context.getDispatcher();
    if (this.#dispatcher) context.setDispatcher(this.#dispatcher);
  }
}

const load = ({ kubeconfig, context }: KubeconfigChoice): KubeConfig => {
  const config = new UserKubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    const where = kubeconfig ?? process.env['KUBECONFIG'] ?? '~/.kube/config';
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusedError('kubeconfig.unreadable', `The kubeconfig ${where} cannot be read: ${why}`, {
      cause: error,
    });
  }
  if (kubeconfig === undefined && isNobodys(config)) throw noKubeconfig();
  const known = config.getContexts().map(({ name }) => name);
  const wanted = context ?? config.getCurrentContext();
  if (!known.includes(wanted)) throw noContext(wanted, known);
  config.setCurrentContext(wanted);
  return config;
};

/** The library invents a cluster on this machine when it finds no file, nor the account of a pod. */
const isNobodys = (config: KubeConfig): boolean =>
  config.getCurrentContext() === 'loaded-context' &&
  config.getCurrentCluster()?.server === 'http://localhost:8080';

const noKubeconfig = (): RefusedError =>
  new RefusedError(
    'kubeconfig.missing',
    'There is no kubeconfig: $KUBECONFIG is not set, and there is no ~/.kube/config. Name one with --kubeconfig, or ' +
      'write it: aws eks update-kubeconfig --name <cluster> --region <region>',
  );

const noContext = (wanted: string | undefined, known: readonly string[]): RefusedError => {
  const nearest = wanted && suggestName(wanted, known);
  const lead = wanted ? `The kubeconfig has no context ${wanted}` : 'The kubeconfig has no current context';
  const list = known.length > 0 ? `write one of ${known.join(', ')}` : 'it has none at all';
  const hint = nearest ? ` Did you mean "${nearest}"?` : '';
  return new RefusedError('kubeconfig.no-context', `${lead}; ${list}.${hint}`);
};

/** `aws eks update-kubeconfig` writes the ARN as the name of the cluster, eksctl `<name>.<region>.eksctl.io`. */
const ARN = /^arn:aws[a-z-]*:eks:([a-z0-9-]+):\d{12}:cluster\/([0-9A-Za-z][0-9A-Za-z_-]*)$/;
const EKSCTL = /^([0-9A-Za-z][0-9A-Za-z_-]*)\.([a-z0-9-]+)\.eksctl\.io$/;
/** The endpoint of an EKS cluster names its region: `https://<id>.<shard>.<region>.eks.amazonaws.com`. */
const ENDPOINT = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.eks\.amazonaws\.com/;

const findEksCluster = (name: string, server: string, user: User | null): KubeconfigCluster['eks'] => {
  const arn = ARN.exec(name);
  const eksctl = EKSCTL.exec(name);
  const cluster = optionOf(user, ['--cluster-name', '--cluster-id', '-i']) ?? arn?.[2] ?? eksctl?.[1];
  const region = optionOf(user, ['--region', '-r']) ?? arn?.[1] ?? eksctl?.[2] ?? ENDPOINT.exec(server)?.[1];
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(region === undefined ? {} : { region }),
  };
};

interface Exec {
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

const execOf = (user: User | null): Exec | undefined => user?.exec;

/** What the exec plugin is told, in either form: `--region eu-central-1`, `--region=eu-central-1`. */
const optionOf = (user: User | null, names: readonly string[]): string | undefined => {
  const args = execOf(user)?.args ?? [];
  for (const [index, arg] of args.entries()) {
    const name = names.find((one) => arg === one || arg.startsWith(`${one}=`));
    if (name !== undefined) return arg === name ? args[index + 1] : arg.slice(name.length + 1);
  }
  return undefined;
};

const profileOf = (user: User | null): { profile?: string } => {
  const named =
    execOf(user)?.env?.find(({ name }) => name === 'AWS_PROFILE')?.value ?? optionOf(user, ['--profile']);
  return named === undefined ? {} : { profile: named };
};
