/** Something that can be opened and closed again without its owner noticing. */
export interface SlotMember {
  open(): Promise<void>;
  /** Must not throw: it happens on behalf of another member. */
  close(): Promise<void>;
}

/** Keeps at most so many members open: opens one when it is used and closes the idle one that was used longest ago. */
export class OpenSlots {
  readonly #maxOpen: number;
  /** In the order of their last use. */
  readonly #places = new Map<SlotMember, Place>();
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(maxOpen: number) {
    this.#maxOpen = Math.max(1, maxOpen);
  }

  /** How many are open now. */
  get open(): number {
    return this.#open;
  }

  /** Does the work with the member open; it is not closed before the work is over. Keep it short: others may wait for the place. */
  async use<T>(member: SlotMember, work: () => Promise<T>): Promise<T> {
    const place = this.#places.get(member) ?? { uses: 0, isOpen: false, moving: undefined };
    this.#places.delete(member);
    this.#places.set(member, place);
    place.uses++;
    try {
      while (!place.isOpen || place.moving)
        await (place.moving ?? this.#move(place, () => this.#openOne(member, place)));
      return await work();
    } finally {
      place.uses--;
      if (place.uses === 0) this.#wake();
    }
  }

  /** Closes it for good once nothing uses it any more. */
  async remove(member: SlotMember): Promise<void> {
    const place = this.#places.get(member);
    if (!place) return;
    while (place.uses > 0 || place.moving) await (place.moving ?? this.#change());
    if (place.isOpen) await this.#move(place, () => this.#closeOne(member, place));
    this.#places.delete(member);
  }

  /** One opening or closing at a time; those who come meanwhile wait for it. */
  async #move(place: Place, work: () => Promise<void>): Promise<void> {
    const moving = work();
    place.moving = moving.catch(() => undefined);
    try {
      await moving;
    } finally {
      place.moving = undefined;
      this.#wake();
    }
  }

  async #openOne(member: SlotMember, place: Place): Promise<void> {
    while (this.#open >= this.#maxOpen) {
      const idle = [...this.#places].find(([, other]) => other.isOpen && other.uses === 0 && !other.moving);
      if (idle) await this.#move(idle[1], () => this.#closeOne(...idle));
      else await this.#change();
    }
    this.#open++;
    try {
      await member.open();
      place.isOpen = true;
    } catch (error) {
      this.#open--;
      throw error;
    }
  }

  async #closeOne(member: SlotMember, place: Place): Promise<void> {
    await member.close();
    place.isOpen = false;
    this.#open--;
    if (place.uses === 0) this.#places.delete(member);
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

interface Place {
  uses: number;
  isOpen: boolean;
  moving: Promise<void> | undefined;
}
