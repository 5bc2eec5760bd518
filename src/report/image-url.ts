/** A grey image as a data URL of a bitmap: 8 bits a pixel, a palette of greys, rows from the bottom up. */
export function imageUrl(pixels: ArrayLike<number>, width: number, height: number): string {
  const stride = Math.ceil(width / 4) * 4;
  const start = 14 + 40 + 1024;
  const bytes = new Uint8Array(start + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let grey = 0; grey < 256; grey++) bytes.fill(grey, 54 + grey * 4, 57 + grey * 4);
  for (let row = 0; row < height; row++) {
    for (let c = 0; c < width; c++) bytes[start + (height - 1 - row) * stride + c] = pixels[row * width + c] as number;
  }
  return `data:image/bmp;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}
