/** Something that can be opened and closed again without its owner noticing. */
export interface SlotMember {
  open(): Promise<void>;
  /** Must not throw: it happens on behalf of another member. */
  close(): Promise<void>;
  /** Whether it will be used again at once: such a one stays open, beyond the others. Default: never. */
  isBusy?(): boolean;
}

/**
 * Keeps at most so many members open, beside those that are busy: opens one when it is used and closes the idle one that was used
 * longest ago. Fifty that work in turns would otherwise open and close with every use.
 */
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
    const place = this.#places.get(member) ?? { uses: 0, isOpen: false, isHeld: false, moving: undefined };
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
      this.#closeSurplus();
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
    while (this.#isFull(member)) {
      const idle = this.#idle(isIdle) ?? (this.#isFullOfBusy() ? this.#idle(() => true) : undefined);
      if (idle) await this.#move(idle[1], () => this.#closeOne(...idle));
      else await this.#change();
    }
    this.#open++;
    place.isHeld = true;
    try {
      await member.open();
      place.isOpen = true;
    } catch (error) {
      this.#open--;
      place.isHeld = false;
      throw error;
    }
  }

  async #closeOne(member: SlotMember, place: Place): Promise<void> {
    await member.close();
    place.isOpen = false;
    place.isHeld = false;
    this.#open--;
    if (place.uses === 0) this.#places.delete(member);
  }

  #isFull(member: SlotMember): boolean {
    return this.#isFullOfBusy() || (isIdle(member) && this.#openIdle() >= this.#maxOpen);
  }

  #isFullOfBusy(): boolean {
    return this.#open >= this.#maxOpen * busyFactor;
  }

  #openIdle(): number {
    return [...this.#places].filter(([member, place]) => place.isHeld && isIdle(member)).length;
  }

  /** The one that was used longest ago and can be closed now. */
  #idle(isWanted: (member: SlotMember) => boolean): [SlotMember, Place] | undefined {
    return [...this.#places].find(
      ([member, place]) => place.isOpen && place.uses === 0 && !place.moving && isWanted(member),
    );
  }

  /** Of those that have just ceased to be busy. */
  #closeSurplus(): void {
    if (this.#open <= this.#maxOpen || this.#openIdle() <= this.#maxOpen) return;
    const idle = this.#idle(isIdle);
    if (idle) void this.#move(idle[1], () => this.#closeOne(...idle));
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
  /** Open, or about to be. */
  isHeld: boolean;
  moving: Promise<void> | undefined;
}

/** With the busy ones at most so many times as many: descriptors and memory have an end. */
const busyFactor = 8;

const isIdle = (member: SlotMember): boolean => member.isBusy?.() !== true;
