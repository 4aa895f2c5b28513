"use client";

import { type PointerEvent, useEffect, useRef } from "react";

interface DrawingBoardProps {
  disabled: boolean;
  /** Told after each stroke what is on the board. */
  onStroke: (pixels: ImageData) => void;
  onClear: () => void;
}

const size = 280;

export function DrawingBoard({ disabled, onStroke, onClear }: DrawingBoardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const context = () => canvas.current!.getContext("2d", { willReadFrequently: true })!;

  function clear() {
    const board = context();
    board.fillStyle = "white";
    board.fillRect(0, 0, size, size);
    board.lineWidth = size / 12;
    board.lineCap = "round";
    board.lineJoin = "round";
  }
  useEffect(clear, []);

  /** From where the pen was to where it is, in the canvas's own pixels: CSS may show it at another size. */
  function draw({ nativeEvent, currentTarget }: PointerEvent<HTMLCanvasElement>) {
    const scale = size / currentTarget.clientWidth;
    const [x, y] = [nativeEvent.offsetX * scale, nativeEvent.offsetY * scale];
    const board = context();
    board.lineTo(x, y);
    board.stroke();
    board.beginPath();
    board.moveTo(x, y);
  }

  return (
    <>
      <canvas
        ref={canvas}
        width={size}
        height={size}
        aria-label="Draw a digit here"
        onPointerDown={(event) => {
          if (disabled) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          context().beginPath();
          draw(event);
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && draw(event)}
        onLostPointerCapture={() => onStroke(context().getImageData(0, 0, size, size))}
      />
      <button
        type="button"
        onClick={() => {
          clear();
          onClear();
        }}
      >
        Clear
      </button>
    </>
  );
}
