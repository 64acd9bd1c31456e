import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';

/** Where tokens for one cluster come from. */
export interface TokenSource {
  /** A token that is good for another minute at least. */
  getToken(): Promise<string>;
  /** Drops the kept token: the API server refused it. */
  forgetToken(): void;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

interface TokenOptions {
  readonly cluster: string;
  readonly region: string;
  readonly clock?: Clock;
  readonly credentials?: () => Promise<Credentials>;
}

/** EKS takes a token for 15 minutes after it was signed, whatever X-Amz-Expires says; we stop one minute earlier. */
const TOKEN_LIFE_MS = 14 * 60_000;
/** A token dies with the credentials that signed it. */
const CREDENTIALS_MARGIN_MS = 60_000;
/** X-Amz-Expires in seconds, as the AWS CLI sets it. */
const EXPIRES_SECONDS = 60;

/**
 * Makes tokens for the Kubernetes API of an EKS cluster: a presigned STS GetCallerIdentity, bound to the cluster's
 * name by a signed header. Nothing is called; the cluster sends the URL to STS itself.
 *
 * The authenticator refuses any query key beyond the nine that a presigned request with a session token has:
 * https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 *
 * @throws RefusedError `aws.no-credentials` (from `getToken`) when this process has no AWS credentials.
 */
export const createTokenSource = (options: TokenOptions): TokenSource => {
  const clock = options.clock ?? systemClock;
  const credentials = options.credentials ?? defaultProvider();
  let kept: { token: Promise<string>; goodUntil: Promise<number> } | undefined;

  const sign = (): NonNullable<typeof kept> => {
    const now = clock.now();
    const found = credentials().catch((cause: unknown) => {
      throw new RefusedError(
        'aws.no-credentials',
        `No AWS credentials to sign a token for cluster ${options.cluster}; sign in, or set AWS_PROFILE.`,
        { cause },
      );
    });
    const token = found.then((identity) => signToken(options, identity, now));
    const goodUntil = found.then(({ expiration }) =>
      Math.min(
        now.getTime() + TOKEN_LIFE_MS,
        (expiration?.getTime() ?? Number.POSITIVE_INFINITY) - CREDENTIALS_MARGIN_MS,
      ),
    );
    // Both fail together, and the caller awaits only the first.
    goodUntil.catch(() => undefined);
    return { token, goodUntil };
  };

  return {
    getToken: async () => {
      const known = kept;
      const isGood = known && (await known.goodUntil.catch(() => 0)) > clock.now().getTime();
      if (!isGood && kept === known) kept = sign();
      return (kept ?? sign()).token;
    },
    forgetToken: () => {
      kept = undefined;
    },
  };
};

const signToken = async (
  { cluster, region }: TokenOptions,
  credentials: Credentials,
  now: Date,
): Promise<string> => {
  const host = `sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, 'x-k8s-aws-id': cluster },
    },
    { expiresIn: EXPIRES_SECONDS, signingDate: now },
  );
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(signed.query ?? {})) query.append(key, String(value));
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${query.toString()}`).toString('base64url')}`;
};
