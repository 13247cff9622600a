// Encryption with authentication: AES-256-GCM, with what the sealed text belongs to as additional data.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

export const newDataKey = (): Uint8Array => randomBytes(32);

/**
 * Base64 of nonce, sealed text and tag. The nonce is random: a key seals a handful of texts in its life.
 * @param context what the text belongs to; unsealing with another fails
 */
export function seal(key: Uint8Array, text: Uint8Array, context: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Undefined when the key is another, or text or context were changed. */
export function unseal(key: Uint8Array, sealed: string, context: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * A key from a token's secret. HKDF is enough: a slow function such as scrypt makes up for secrets that people choose, and
 * this one has 256 random bits, which nobody can try.
 * @param secret base64url
 * @param salt base64
 */
export function keyOfSecret(secret: string, salt: string): Uint8Array {
  const material = Buffer.from(secret, 'base64url');
  return new Uint8Array(hkdfSync('sha256', material, Buffer.from(salt, 'base64'), 'tepui server token', 32));
}

export const newSalt = (): string => randomBytes(16).toString('base64');
