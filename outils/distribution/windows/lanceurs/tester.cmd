@echo off
rem Dit, point par point, si ce poste est pret.
setlocal EnableExtensions
chcp 65001 >nul
"%LOCALAPPDATA%\cpomdocs\env\Scripts\cpomdocs.exe" poste verifier
pause
exit /b 0
