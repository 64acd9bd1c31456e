import ky from 'ky';

/** A GitLab under load answers late; a person would have given up by then. Milliseconds, three attempts. */
const ATTEMPT_MS = 5_000;

/** What a sign-in page, a redirect to single sign-on, or a GitLab that limits strangers answers. */
const ALIVE: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Asks for the sign-in page of a GitLab, with no credential, as a person would who looks whether it is there. An
 * error of a server before it (502, 503) or the 404 of an Ingress without a back end is no GitLab.
 *
 * @returns false also when nobody answers; it does not throw.
 */
export const probeSignIn = async (url: string, signal?: AbortSignal): Promise<boolean> => {
  const address = new URL('users/sign_in', url.endsWith('/') ? url : `${url}/`);
  try {
    const { status, body } = await ky.get(address, {
      redirect: 'manual',
      throwHttpErrors: (code) => code >= 500,
      timeout: ATTEMPT_MS,
      retry: { limit: 2, retryOnTimeout: true, statusCodes: [500, 502, 503, 504], backoffLimit: 500 },
      headers: { 'user-agent': 'drydock' },
      ...(signal && { signal }),
    });
    await body?.cancel();
    return status < 400 || ALIVE.has(status);
  } catch {
    return false;
  }
};
