// The links in a message: web addresses, and those of e-mail.
import { linkify as split, type Piece } from '../../views/links';

export { safeUrl, type Piece as TextPart } from '../../views/links';

export const linkify = (text: string): Piece[] => split(text, true);
