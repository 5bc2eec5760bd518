// The camera's image, as long as it is shown.
import { cameraFeatures, SIDE } from './features.js';

const reasons = {
  NotAllowedError: 'The page may not use the camera. Allow it in the settings of your browser, or draw instead.',
  NotFoundError: 'There is no camera. Draw instead.',
  NotReadableError: 'Another program has the camera. Close it, or draw instead.',
};

export class Camera {
  #video;
  #small = Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE });
  #middle = Object.assign(document.createElement('canvas'), { width: 8 * SIDE, height: 8 * SIDE });
  #stream;

  constructor(video) {
    this.#video = video;
  }

  /** Starts it. Returns why it cannot be used, or nothing. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia)
      return 'This page has no camera: browsers give one to pages that come by https only. Draw instead.';
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
      this.#video.srcObject = this.#stream;
      await this.#video.play();
      return undefined;
    } catch (error) {
      this.stop();
      return reasons[error.name] ?? `The camera does not start: ${error.message}`;
    }
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** Of the image's square middle; undefined before the first image. Twice scaled, since browsers do not average when they scale far down. */
  features() {
    const { videoWidth, videoHeight } = this.#video;
    if (!this.#stream || videoWidth === 0) return undefined;
    const side = Math.min(videoWidth, videoHeight);
    const middle = this.#middle.getContext('2d');
    const { width } = this.#middle;
    middle.drawImage(this.#video, (videoWidth - side) / 2, (videoHeight - side) / 2, side, side, 0, 0, width, width);
    const small = this.#small.getContext('2d', { willReadFrequently: true });
    small.imageSmoothingQuality = 'high';
    small.drawImage(this.#middle, 0, 0, SIDE, SIDE);
    return cameraFeatures(small.getImageData(0, 0, SIDE, SIDE));
  }
}
